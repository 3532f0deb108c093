from __future__ import annotations

from platforms.telegram.adapter import Telegram
from platforms.types import Job, Visit
from tests.platforms.contract import AdapterContract, Hook
from tests.platforms.fakes import FakeHttp
from tests.platforms.telegram import world as sample

VISIT = Visit("bot", "https://later.example/back", "state", "https://later.example")


class TestTelegram(AdapterContract):
    adapter = Telegram
    credentials = sample.CREDENTIALS
    secrets = (sample.TOKEN,)
    error_body = {"ok": False, "error_code": 400, "description": "Bad Request: odd"}

    def world(self) -> FakeHttp:
        return sample.world()

    def jobs(self) -> dict[str, Job]:
        return sample.JOBS

    def hooks(self) -> dict[str, Hook]:
        text = sample.JOBS["text"]
        return {
            "begin": lambda adapter: adapter.begin(VISIT),
            "updates": lambda adapter: adapter.updates(""),
            "revoke": lambda adapter: adapter.revoke(text.token, text.profile),
            "permalink": lambda adapter: adapter.permalink(text, "412"),
        }
