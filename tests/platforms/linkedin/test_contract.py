from __future__ import annotations

from platforms.linkedin.adapter import LinkedIn
from platforms.linkedin.permissions import MEMBER
from tests.platforms.contract import ConnectContract, Hook
from tests.platforms.fakes import FakeHttp
from tests.platforms.linkedin import world as sample


class TestLinkedIn(ConnectContract):
    adapter = LinkedIn
    credentials = sample.CREDENTIALS
    secrets = sample.TOKENS
    error_body = {"status": 403, "code": "ACCESS_DENIED", "message": "Told."}

    def world(self) -> FakeHttp:
        return sample.world()

    def hooks(self) -> dict[str, Hook]:
        both, alone = sample.VISIT, sample.ALONE
        query = {"code": "code-1", "state": "state-1"}
        token, old = sample.token(), sample.token(MEMBER)
        page, member = sample.PAGE_PROFILE, sample.MEMBER_PROFILE
        return {
            "begin": lambda a: a.begin(both),
            "begin alone": lambda a: a.begin(alone),
            "finish": lambda a: a.finish(both, {}, query),
            "finish alone": lambda a: a.finish(alone, {}, query),
            "refresh": lambda a: a.refresh(token, page),
            "revoke": lambda a: a.revoke(token, page),
            "inspect a Page": lambda a: a.inspect(token, page),
            "inspect a member": lambda a: a.inspect(old, member),
        }
