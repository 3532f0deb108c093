"""Speaks the Bot API to the sandbox as an app would."""

from __future__ import annotations

import json
from typing import Any

import requests

from tests.support.sandbox import Sandbox

TOKEN = "7700000001:AAF-sandbox-token-of-no-real-bot-00"
BOT_ID = 7700000001
CHANNEL = "-1002000000101"
NAME = "@mayacooks"
PRIVATE = "-1002100100102"
OWNER = 500000101
STRANGER = 500000102
TIMEOUT = 60


class Bot:
    """Calls answer the whole envelope; `ok` and `refused` look into it."""

    def __init__(self, sandbox: Sandbox, token: str = TOKEN) -> None:
        self.sandbox = sandbox
        self.base = f"{sandbox.url}/api.telegram.org/bot{token}"

    def call(self, method: str, **how: Any) -> requests.Response:
        return requests.post(f"{self.base}/{method}", timeout=TIMEOUT, **how)

    def ok(self, method: str, **parameters: Any) -> Any:
        """The result; files may be among the parameters as bytes or open files."""
        answer = self.send(method, **parameters)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["ok"] is True
        return body["result"]

    def send(self, method: str, **parameters: Any) -> requests.Response:
        files = {
            name: (f"{name}.jpg", value)
            for name, value in parameters.items()
            if isinstance(value, bytes)
        }
        fields = {key: val for key, val in parameters.items() if key not in files}
        if not files:
            return self.call(method, json=fields)
        data = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in fields.items()
        }
        return self.call(method, data=data, files=files)

    def refused(self, method: str, **parameters: Any) -> str:
        """`<code> <description>` of an answer that must be a refusal."""
        answer = self.send(method, **parameters)
        body = answer.json()
        assert body["ok"] is False, body
        assert body["error_code"] == answer.status_code
        return f"{body['error_code']} {body['description']}"

    def updates(self, **parameters: Any) -> list[dict[str, Any]]:
        return list(self.ok("getUpdates", **parameters))


def administrator(sandbox: Sandbox, *rights: str, channel: str = CHANNEL) -> Bot:
    """The default bot, made administrator of a channel without an update."""
    wanted = list(rights) or ["can_post_messages"]
    sandbox.token("telegram", channel, rights=wanted)
    return Bot(sandbox)
