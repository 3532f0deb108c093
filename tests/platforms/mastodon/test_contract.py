from __future__ import annotations

from typing import ClassVar

from platforms.mastodon.adapter import Mastodon
from tests.platforms.contract import ConnectContract, Hook
from tests.platforms.fakes import FakeHttp
from tests.platforms.mastodon import world as sample


class TestMastodon(ConnectContract):
    adapter = Mastodon
    credentials: ClassVar[dict[str, str]] = {}
    secrets = (sample.ACCESS, sample.APP_SECRET, sample.SECRET["verifier"])
    error_body = {"error": "Something went wrong"}

    def world(self) -> FakeHttp:
        return sample.world()

    def hooks(self) -> dict[str, Hook]:
        visit, query = sample.visit(), {"code": "code-1", "state": "state-1"}
        token, profile = sample.TOKEN, sample.PROFILE
        return {
            "begin": lambda a: a.begin(visit),
            "finish": lambda a: a.finish(visit, sample.SECRET, query),
            "inspect": lambda a: a.inspect(token, profile),
            "revoke": lambda a: a.revoke(token, profile),
        }
