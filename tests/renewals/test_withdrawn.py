"""R-D8: access withdrawn at a platform shows at the next call, at every platform."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from platforms import registry
from platforms.types import Identity, Redirect, Visit
from profiles.actions import inspect, updates
from profiles.actions.tokens import refresh
from profiles.errors import ConnectionBroken
from profiles.models import Concern, Connection
from profiles.states import ConnectionState as S
from tests.factories import ProfileFactory
from tests.people import Cast
from tests.platforms.mastodon.world import visit as mastodon_visit
from tests.sandbox.browserless import ConsentPage
from tests.support.connected import a_set, profiles_on
from tests.support.sandbox import Sandbox

pytestmark = [pytest.mark.services, pytest.mark.django_db]

# Connected by what is typed, and in a chat: no page of the platform's to click on.
WITHOUT_PAGE = {"bluesky", "telegram"}
# Mastodon needs to be told which server.
VISITS = {"mastodon": mastodon_visit("mastodon.social")}
Connected = Callable[[str], tuple[Connection, str]]


@pytest.fixture
def connected(cast: Cast, sandbox: Sandbox, monkeypatch) -> Iterator[Connected]:
    """The connection, and who it belongs to in the sandbox's terms."""
    for name in settings_of(*registry.PLATFORMS) - set(os.environ):
        monkeypatch.setenv(name, f"test-{name.lower()}")
    registry.get.cache_clear()
    yield lambda platform: connect(platform, cast, sandbox)
    registry.get.cache_clear()


def settings_of(*platforms: str) -> set[str]:
    kinds = [registry.adapter_class(key) for key in platforms]
    methods = [method for kind in kinds for method in kind.methods]
    return {f"PLATFORM_{name}" for method in methods for name in method.credentials}


def connect(platform: str, cast: Cast, sandbox: Sandbox) -> tuple[Connection, str]:
    if platform in WITHOUT_PAGE:
        (profile,) = profiles_on(platform, cast, sandbox, 1)
        return profile.connection, profile.external_id
    visit, identity, who = signed_in(platform)
    profile = ProfileFactory(
        group=cast.group,
        social_set=a_set(cast, platform),
        platform=platform,
        external_id=identity.external_id,
        handle=identity.handle,
        kind=identity.kind,
        data=dict(identity.data),
        connection=identity.token,
        connection__method=visit.method,
        connection__granted=list(identity.granted or ()),
    )
    return profile.connection, who


def signed_in(platform: str) -> tuple[Visit, Identity, str]:
    """As the first person of the consent page who has something to connect."""
    adapter = registry.get(platform)
    visit = VISITS.get(platform) or Visit(
        adapter.methods[0].key,
        f"https://later.example/connect/{platform}/callback/",
        "state-1",
        "https://later.example",
    )
    redirect = adapter.begin(visit)
    assert isinstance(redirect, Redirect)
    address, _, query = redirect.url.partition("?")
    page = ConsentPage(address, dict(parse_qsl(query)))
    who = page.values("identity")[0]
    grant = adapter.finish(visit, redirect.secret, page.decide("allow", identity=who))
    identity = next(each for each in grant.identities if not each.refused)
    token = identity.token or grant.token
    granted = grant.granted if identity.granted is None else identity.granted
    return visit, replace(identity, token=token, granted=granted), who


def next_call(held: Connection) -> None:
    """What the beat would do next with it."""
    adapter = registry.get(held.profile.platform)
    if adapter.inspects:
        inspect.inspect(str(held.pk))
    elif adapter.refresh_ahead is None:
        updates.pull_all()
    else:
        with suppress(ConnectionBroken):
            refresh(held.pk, held.version)


@pytest.mark.parametrize("platform", registry.keys())
def test_withdrawn_access_shows_and_is_told(platform, connected, sandbox):
    """R-D8: Refresh needed, in words that name the platform, to its people."""
    held, who = connected(platform)
    sandbox.revoke(platform, who)
    next_call(held)
    held.refresh_from_db()
    assert held.state == S.REFRESH_NEEDED
    assert held.events.get().cause == held.cause
    assert registry.get(platform).name.split()[0] in held.cause
    assert Concern.objects.get().kind == Concern.Kind.BROKEN


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_changed_password_at_meta_is_told_as_such(platform, connected, sandbox):
    """R-D8: error 190, subcode 460."""
    held, who = connected(platform)
    sandbox.revoke(platform, who, "password")
    next_call(held)
    held.refresh_from_db()
    assert held.state == S.REFRESH_NEEDED
    assert "password was changed" in held.cause


@pytest.mark.parametrize("platform", registry.keys())
def test_a_platform_that_is_down_withdraws_nothing(platform, connected, sandbox):
    """R-D3: only its own word does."""
    held, _ = connected(platform)
    sandbox.fault("error", platform=platform, status=503, times=None)
    with suppress(Exception):
        next_call(held)
    held.refresh_from_db()
    assert held.state == S.CONNECTED
    assert not Concern.objects.exists()
