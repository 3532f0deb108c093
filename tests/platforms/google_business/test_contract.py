from __future__ import annotations

from platforms.google_business.adapter import GoogleBusiness
from tests.platforms.contract import ConnectContract, Hook
from tests.platforms.fakes import FakeHttp
from tests.platforms.google_business import world as sample


class TestGoogleBusiness(ConnectContract):
    adapter = GoogleBusiness
    credentials = sample.CREDENTIALS
    secrets = sample.TOKENS
    error_body = {"error": {"code": 500, "message": "Told.", "status": "INTERNAL"}}

    def world(self) -> FakeHttp:
        return sample.world()

    def hooks(self) -> dict[str, Hook]:
        visit, query = sample.VISIT, {"code": sample.CODE, "state": "state-1"}
        token, profile = sample.token(), sample.PROFILE
        return {
            "begin": lambda a: a.begin(visit),
            "finish": lambda a: a.finish(visit, {}, query),
            "refresh": lambda a: a.refresh(token, profile),
            "revoke": lambda a: a.revoke(token, profile),
            "inspect": lambda a: a.inspect(token, profile),
        }
