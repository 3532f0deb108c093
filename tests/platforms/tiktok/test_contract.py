from __future__ import annotations

from dataclasses import replace

from platforms import clock
from platforms.tiktok.adapter import TikTok
from tests.platforms.contract import ConnectContract, Hook
from tests.platforms.fakes import FakeHttp
from tests.platforms.tiktok import world as sample


class TestTikTok(ConnectContract):
    adapter = TikTok
    credentials = sample.CREDENTIALS
    secrets = sample.TOKENS
    error_body = {"error": {"code": "internal_error", "message": "Told."}}

    def world(self) -> FakeHttp:
        return sample.world()

    def hooks(self) -> dict[str, Hook]:
        visit, query = sample.VISIT, {"code": "code-1*0!4521.va", "state": "state-1"}
        token, profile = sample.token(), sample.PROFILE
        old = replace(token, expires_at=clock.after(-60))
        return {
            "begin": lambda a: a.begin(visit),
            "finish": lambda a: a.finish(visit, {}, query),
            "refresh": lambda a: a.refresh(token, profile),
            "revoke": lambda a: a.revoke(token, profile),
            "revoke an old one": lambda a: a.revoke(old, profile),
            "obstacle": lambda a: a.obstacle(token, profile),
        }
