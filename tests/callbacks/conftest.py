"""A web server of ours that the sandbox's platforms can call."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from platforms.types import Token
from profiles.models import Connection, SocialProfile
from tests.factories import ProfileFactory
from tests.people import Cast
from tests.support.sandbox import Sandbox

SECRETS = {
    key: os.environ[f"PLATFORM_{key.upper()}_CLIENT_SECRET"]
    for key in ("instagram", "facebook", "tiktok")
}


@dataclass
class Wire:
    """Platforms call us; profiles are connected as if by a sign-in."""

    url: str
    sandbox: Sandbox
    cast: Cast

    def call(self, platform: str, who: str, name: str, **wish: Any) -> list[Any]:
        """Each answer's status and body."""
        secret = wish.pop("secret", SECRETS[platform])
        address = wish.pop("address", name)
        to = f"{self.url}/hooks/{platform}/{address}/"
        return self.sandbox.call_back(
            platform, who, to, name=name, secret=secret, app="test-tiktok-app", **wish
        )

    def connected(self, platform: str, external_id: str, **facts: Any) -> SocialProfile:
        token = Token(f"canary-access-{external_id}", f"canary-refresh-{external_id}")
        return ProfileFactory(
            group=self.cast.group,
            social_set=facts.pop("place", None) or self.place(),
            platform=platform,
            external_id=external_id,
            connection=token,
            **facts,
        )

    def place(self) -> Any:
        return self.cast.group.social_sets.create(name="Another set")


def connection_of(profile: SocialProfile) -> Connection:
    return Connection.objects.select_related("profile").get(profile=profile)


@pytest.fixture
def wire(live_server: LiveServer, sandbox: Sandbox, cast: Cast, settings: Any) -> Wire:
    settings.BASE_URL = live_server.url
    return Wire(live_server.url, sandbox, cast)
