"""A Telegram that answers well, and the sample channel."""

from __future__ import annotations

import json
from typing import Any

from core.http import Reply
from platforms.adapter import Credentials
from platforms.telegram.adapter import Telegram
from platforms.types import Job, Profile, Token
from tests.platforms.fakes import FakeHttp, Sent, reply
from tests.platforms.samples import draft, photo, video

BOT_ID = "123456789"
TOKEN = f"{BOT_ID}:AAcanary-telegram-bot-token-0123456789"
CREDENTIALS = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BOT_NAME": "planner_bot"}
CHANNEL = "-1001234567890"
CODE = "code-of-at-least-sixteen-letters"

CHAT = {"id": int(CHANNEL), "title": "Ada News", "username": "adanews"}
PROFILE = Profile(CHANNEL, "adanews", "channel", {"username": "adanews"})
BOT_USER = {"id": int(BOT_ID), "is_bot": True, "first_name": "Planner"}
ADA = {"id": 42, "is_bot": False, "first_name": "Ada", "last_name": "Byron"}
EVE = {"id": 66, "is_bot": False, "first_name": "Eve"}


def ok(result: Any) -> Reply:
    return reply({"ok": True, "result": result})


def refusal(status: int, description: str, **parameters: Any) -> Reply:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": status,
        "description": description,
    }
    if parameters:
        body["parameters"] = parameters
    return reply(body, status)


def member(user: dict[str, Any], status: str, **rights: bool) -> dict[str, Any]:
    return {"user": user, "status": status, **rights}


BOT_MEMBER = member(
    BOT_USER,
    "administrator",
    can_be_edited=False,
    can_post_messages=True,
    can_edit_messages=False,
)


def message(number: int, **chat: Any) -> dict[str, Any]:
    return {
        "message_id": number,
        "date": 1_795_300_000,
        "chat": {**CHAT, "type": "channel", **chat},
    }


def album(sent: Sent) -> Reply:
    items = json.loads(sent.form["media"])
    return ok([message(412 + number) for number in range(len(items))])


def started(code: str = CODE, user: dict[str, Any] = ADA, **chat: Any) -> Any:
    """A person pressed Start behind the deep link."""
    here = {"id": user["id"], "type": "private", **chat}
    return {"message": {"from": user, "chat": here, "text": f"/start {code}"}}


def promoted(user: dict[str, Any] = ADA, **change: Any) -> Any:
    """A person made the bot an administrator, or changed that."""
    return {
        "my_chat_member": {
            "from": user,
            "chat": {**CHAT, "type": change.pop("type", "channel")},
            "new_chat_member": change.pop("member", BOT_MEMBER),
        }
    }


def claimed(code: str = CODE) -> Any:
    """Somebody posted the code in the channel."""
    chat = {**CHAT, "type": "channel"}
    return {"channel_post": {"chat": chat, "text": f"/connect {code}"}}


def numbered(*updates: Any, first: int = 7) -> Reply:
    return ok([{"update_id": first + n, **u} for n, u in enumerate(updates)])


def world() -> FakeHttp:
    http = FakeHttp()
    http.on("GET", "/getUpdates", numbered(started(), promoted(), claimed()))
    http.on("GET", "/getChatMember", ok(BOT_MEMBER))
    owner = member(ADA, "creator")
    http.on("GET", "/getChatAdministrators", ok([owner, BOT_MEMBER]))
    http.on("GET", "/leaveChat", ok(True))
    http.on("POST", "/send(Message|Photo|Video)", ok(message(412)))
    http.on("POST", "/sendMediaGroup", album)
    return http


def job(kind: str, text: str = "", *media: Any) -> Job:
    return Job(draft(kind, text, *media), PROFILE, Token(access=""), "key-1")


JOBS = {
    "text": job("text", "News <b>for</b> all & everyone"),
    "photo": job("photo", "One photo", photo()),
    "video": job("video", "One video", video()),
    "album": job("album", "Three files", photo(1), video(2), photo(3)),
}


def telegram(http: FakeHttp | None = None) -> Telegram:
    return Telegram(Credentials(CREDENTIALS), http or world())
