"""The Bluesky adapter keeps the contract of all platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from platforms.adapter import Adapter
from platforms.bluesky.adapter import Bluesky
from platforms.types import Job, Published
from tests.platforms.bluesky import world
from tests.platforms.contract import AdapterContract, Hook
from tests.platforms.fakes import FakeHttp
from tests.platforms.samples import draft, photo, video


class TestBluesky(AdapterContract):
    adapter: ClassVar[type[Adapter]] = Bluesky
    credentials: ClassVar[Mapping[str, str]] = {"BLUESKY_PRIVATE_KEY": world.CLIENT_KEY}
    secrets: ClassVar[tuple[str, ...]] = (
        world.ACCESS,
        world.REFRESH,
        world.APP_PASSWORD,
        world.CODE,
        world.SERVICE_TOKEN,
        *world.DPOP_KEY.splitlines()[1:-1],
        *world.CLIENT_KEY.splitlines()[1:-1],
    )
    error_body: ClassVar[object] = {"error": "InvalidToken", "message": "Bad token"}

    def world(self) -> FakeHttp:
        return world.world()

    def jobs(self) -> dict[str, Job]:
        photos = [photo(1, alt_text="A bicycle"), photo(2)]
        return {
            "text": world.job_of(draft("text", "Hello #world")),
            "images": world.job_of(draft("images", "Two photos", *photos)),
            "video": world.job_of(draft("video", "A video", video())),
        }

    def follow_ups(self) -> dict[str, Job]:
        first = Published("at://first", data={"uri": "at://first", "cid": "c1"})
        reply = world.job_of(draft("text", "The rest, #two"))
        return {"reply": replace(reply, before=(first,))}

    def hooks(self) -> dict[str, Hook]:
        profile, token, password = (
            world.PROFILE,
            world.oauth_token(),
            world.password_token(),
        )
        return {
            "begin": lambda a: a.begin(world.visit(account=world.HANDLE)),
            "begin at a server": lambda a: a.begin(world.visit(account=world.ISSUER)),
            "begin with app password": lambda a: a.begin(
                world.visit(
                    "app_password",
                    handle=world.HANDLE,
                    app_password=world.APP_PASSWORD,
                )
            ),
            "finish": _finish,
            "refresh": lambda a: a.refresh(token, profile),
            "refresh app password": lambda a: a.refresh(password, profile),
            "revoke": lambda a: a.revoke(token, profile),
            "revoke app password": lambda a: a.revoke(password, profile),
            "send app password": lambda a: self._send_with(a, password),
        }

    def _send_with(self, adapter: Adapter, token: object) -> object:
        job = world.job_of(draft("text", "Hello"), token)  # type: ignore[arg-type]
        return adapter.send(job, self.prepared(adapter, job))


def _finish(adapter: Adapter) -> object:
    secret = {
        "verifier": "verifier-1",
        "dpop_key": world.DPOP_KEY,
        "issuer": world.ISSUER,
        "token_endpoint": f"{world.ISSUER}/oauth/token",
        "revocation_endpoint": f"{world.ISSUER}/oauth/revoke",
        "client_id": "https://later.example/oauth/bluesky/client-metadata.json",
        "kid": "",
        "did": world.DID,
    }
    query = {"iss": world.ISSUER, "code": world.CODE, "state": "state-1"}
    return adapter.finish(world.visit(), secret, query)
