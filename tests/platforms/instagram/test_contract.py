from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from platforms import clock
from platforms.instagram.adapter import Instagram
from platforms.types import Job
from tests.platforms.contract import AdapterContract, Hook
from tests.platforms.fakes import FakeHttp
from tests.platforms.instagram import world as sample
from tests.platforms.samples import video

QUERY = {"code": "code-1", "state": "state-1"}


class _Instagram(AdapterContract):
    adapter = Instagram
    credentials = sample.CREDENTIALS
    secrets = sample.TOKENS
    error_body = {"error": {"code": 1, "message": "An unknown error"}}
    login: ClassVar[str]
    facebook: ClassVar[bool] = False

    def world(self) -> FakeHttp:
        return sample.world()

    def jobs(self) -> dict[str, Job]:
        return sample.jobs(facebook=self.facebook)

    def follow_ups(self) -> dict[str, Job]:
        return {"first comment": sample.comment_job(facebook=self.facebook)}

    def hooks(self) -> dict[str, Hook]:
        image = self.jobs()["image"]
        visit = sample.visit(self.login)
        return {
            "begin": lambda a: a.begin(visit),
            "begin again": lambda a: a.begin(replace(visit, again=True)),
            "finish": lambda a: a.finish(visit, {}, QUERY),
            "permalink": lambda a: a.permalink(image, "17950000000000009"),
            "permalink unlisted": lambda a: a.permalink(image, "container:1790"),
            "check": lambda a: a.check(image, f"1790|{clock.now().isoformat()}"),
            **self.own_hooks(image),
        }

    def own_hooks(self, image: Job) -> dict[str, Hook]:
        raise NotImplementedError


class TestInstagramLogin(_Instagram):
    login = "instagram_login"

    def own_hooks(self, image: Job) -> dict[str, Hook]:
        return {
            "refresh": lambda a: a.refresh(image.token, image.profile),
            "inspect": lambda a: a.inspect(image.token, image.profile),
        }


class TestFacebookLogin(_Instagram):
    """Its reel has no address, so that its bytes are uploaded."""

    login = "facebook_login"
    facebook = True

    def jobs(self) -> dict[str, Job]:
        jobs = super().jobs()
        reel = jobs["reel"]
        hidden = replace(reel.draft, media=(video(url=""),))
        return {**jobs, "reel": replace(reel, draft=hidden)}

    def own_hooks(self, image: Job) -> dict[str, Hook]:
        return {
            "revoke": lambda a: a.revoke(image.token, image.profile),
            "inspect": lambda a: a.inspect(image.token, image.profile),
        }
