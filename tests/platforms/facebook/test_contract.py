from __future__ import annotations

from dataclasses import replace

from platforms.facebook.adapter import Facebook
from tests.platforms.contract import ConnectContract, Hook
from tests.platforms.facebook import world as sample
from tests.platforms.fakes import FakeHttp


class TestFacebook(ConnectContract):
    adapter = Facebook
    credentials = sample.CREDENTIALS
    secrets = sample.TOKENS
    error_body = {"error": {"code": 1, "message": "An unknown error"}}

    def world(self) -> FakeHttp:
        return sample.world()

    def hooks(self) -> dict[str, Hook]:
        visit, query = sample.VISIT, {"code": "code-1", "state": "state-1"}
        token, profile = sample.TOKEN, sample.PROFILE
        return {
            "begin": lambda a: a.begin(visit),
            "begin again": lambda a: a.begin(replace(visit, again=True)),
            "finish": lambda a: a.finish(visit, {}, query),
            "inspect": lambda a: a.inspect(token, profile),
            "revoke": lambda a: a.revoke(token, profile),
        }
