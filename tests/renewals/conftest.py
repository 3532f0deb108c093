"""Real adapters, a sandbox over HTTP, PostgreSQL, and processes that renew."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from django.conf import settings

from core import http
from platforms import registry
from profiles.actions.timing import next_refresh
from profiles.models import Connection, SocialProfile
from tests.factories import ProfileFactory
from tests.people import Cast
from tests.platforms.signin import signed_in
from tests.platforms.tiktok.world import VISIT
from tests.support.connected import a_set, profiles_on
from tests.support.sandbox import Sandbox
from tests.support.worker import ROOT, environment

MIRA = "6800000000000000001"


@pytest.fixture(autouse=True)
def _at_the_sandbox(sandbox: Sandbox) -> None:
    http.configure(gateway=sandbox.url, direct=settings.PLATFORM_DIRECT_HOSTS)


@pytest.fixture
def tiktok(cast: Cast, sandbox: Sandbox) -> Connection:
    """Its refresh tokens are good once."""
    (identity,) = signed_in(registry.get("tiktok"), VISIT, MIRA).identities
    profile = ProfileFactory(
        group=cast.group,
        social_set=a_set(cast, "mira"),
        platform="tiktok",
        external_id=identity.external_id,
        handle="mirabakes",
        connection=identity.token,
        connection__method="tiktok_login",
        connection__granted=list(identity.granted or ()),
    )
    return planned(profile)


@pytest.fixture
def bluesky(cast: Cast, sandbox: Sandbox) -> Connection:
    """With an app password: its old refresh token renews for two hours more."""
    (profile,) = profiles_on("bluesky", cast, sandbox, 1)
    held = planned(profile)
    asked = registry.get("bluesky").permissions("app_password")
    held.granted = [permission.name for permission in asked]
    held.save()
    return held


def planned(profile: SocialProfile) -> Connection:
    held = profile.connection
    adapter = registry.get(profile.platform)
    held.refresh_at = next_refresh(adapter, held.token(), held.pk)
    held.auto_publish_at = held.connected_at
    held.save()
    return held


class Child:
    """A process that renews at a word of ours."""

    def __init__(self, held: Connection, sandbox: Sandbox, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.renewals.child", str(held.pk), "1", *words],
            cwd=ROOT,
            env=environment(PLATFORM_GATEWAY=sandbox.url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def said(self) -> str:
        """Its last line, "" of one that died."""
        out, _ = self.process.communicate(timeout=30)
        return out.strip()


@pytest.fixture
def child(sandbox: Sandbox) -> Callable[..., Child]:
    return lambda held, *words: Child(held, sandbox, *words)
