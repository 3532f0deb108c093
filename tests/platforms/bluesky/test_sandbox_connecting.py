"""Connecting at the sandbox's Bluesky: real HTTP, consent pages, tokens."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core import http
from platforms.adapter import Credentials
from platforms.bluesky import clients, oauth
from platforms.bluesky.adapter import Bluesky
from platforms.bluesky.clients import Client, Keys
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PlatformError,
    Rejected,
)
from platforms.types import (
    Grant,
    Visit,
)
from tests.platforms.bluesky import world
from tests.platforms.bluesky.journeys import (
    BACK,
    BASE,
    HARBOR,
    MAYA,
    NOAH,
    TEXT,
    by_app_password,
    job_of,
    journey,
    page_of,
    publish,
)
from tests.sandbox.conftest import MediaServer
from tests.support.sandbox import Sandbox

# Connecting


@pytest.mark.parametrize("handle", [MAYA, NOAH, HARBOR])
def test_people_of_every_server_connect(adapter: Bluesky, handle: str) -> None:
    """R-C2: Bluesky's own servers sign in at bsky.social, others themselves."""
    grant = journey(adapter, handle)
    (identity,) = grant.identities
    assert identity.handle == handle and identity.name and identity.picture_url
    assert grant.granted == ("atproto", "transition:generic")


def test_without_a_handle_the_person_chooses_at_the_server(adapter: Bluesky) -> None:
    assert journey(adapter, "").identities[0].handle in (MAYA, NOAH)


def test_saying_no_is_told(adapter: Bluesky) -> None:
    with pytest.raises(Rejected, match="didn't allow"):
        journey(adapter, MAYA, decision="deny")


def test_another_person_than_the_named_one_is_refused(
    gateway: Sandbox, adapter: Bluesky
) -> None:
    """R-C10"""
    noah = next(i for i in gateway.identities("bluesky") if i["handle"] == NOAH)
    with pytest.raises(Rejected, match=f"signed in as @{NOAH}"):
        journey(adapter, MAYA, identity=noah["id"])


def test_a_declined_permission_is_seen(adapter: Bluesky) -> None:
    """R-C4"""
    assert journey(adapter, MAYA, scope=["atproto"]).granted == ("atproto",)


def test_hostile_servers_are_refused(gateway: Sandbox, adapter: Bluesky) -> None:
    """Acceptance case 8: neither the server's name nor the account's is believed."""
    gateway.set(**{"bluesky.wrong_iss": "https://evil.example"})
    with pytest.raises(Rejected) as raised:
        journey(adapter, MAYA)
    assert raised.value.code == "issuer_mismatch"
    harbor = next(i for i in gateway.identities("bluesky") if i["handle"] == HARBOR)
    gateway.set(**{"bluesky.wrong_iss": "", "bluesky.wrong_sub": harbor["id"]})
    with pytest.raises(Rejected) as raised:
        journey(adapter, MAYA)
    assert raised.value.code == "issuer_mismatch"


def test_an_installation_with_a_key_proves_who_it_is(
    gateway: Sandbox, adapter: Bluesky, web: MediaServer, files: Path
) -> None:
    """The sandbox fetches our documents and checks our signature by them."""
    keys = Keys(world.CLIENT_KEY)
    for path, document in clients.documents("https://x", BACK, keys).items():
        target = files / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(document).replace("https://x", web.url))
    client = Client(web.url + clients.METADATA_PATH, keys.all[0].kid)
    server = oauth.metadata(adapter.wire, world.ISSUER)
    ask = {"redirect_uri": BACK, "state": "s", "login_hint": MAYA}
    url, secret = oauth.begin(adapter.wire, server, client, keys, ask)
    page = page_of(http.browser_url(url))
    code = page.decide("allow", identity=page.values("identity")[0])["code"]
    answer = oauth.exchange(adapter.wire, secret, keys, code, BACK)
    session = oauth.Session.begun(secret, world.PDS)
    token = oauth.token_from(answer, session)
    assert oauth.refresh(adapter.wire, token, keys, answer["sub"]).access
    assert session.kid


def test_an_app_password_connects_and_a_wrong_one_doesnt(adapter: Bluesky) -> None:
    assert by_app_password(adapter).identities[0].handle == MAYA
    inputs = {"handle": MAYA, "app_password": "aaaa-bbbb-cccc-dddd"}
    with pytest.raises(Rejected) as raised:
        adapter.begin(Visit("app_password", "", "", BASE, inputs))
    assert raised.value.field == "app_password"


# Tokens


def test_an_expired_access_token_is_renewed_and_the_post_goes_out(
    gateway: Sandbox, adapter: Bluesky
) -> None:
    """Acceptance case 4: 400 ExpiredToken, one refresh, the person sees nothing."""
    grant = by_app_password(adapter)
    gateway.expire("bluesky", MAYA)
    job = job_of(grant, TEXT)
    with pytest.raises(AuthExpired) as raised:
        publish(adapter, job)
    assert raised.value.status == 400
    new = adapter.refresh(grant.token, job.profile)
    assert publish(adapter, replace(job, token=new)).id


def test_a_lost_refresh_answer_is_told_once_as_the_end(
    gateway: Sandbox, adapter: Bluesky, maya: Grant
) -> None:
    """Acceptance case 6"""
    profile = job_of(maya, TEXT).profile
    gateway.fault("cut_after", platform="bluesky", step="refreshToken")
    with pytest.raises(OutcomeUnknown):
        adapter.refresh(maya.token, profile)
    with pytest.raises(AuthExpired):
        adapter.refresh(maya.token, profile)


def test_a_refresh_that_never_arrived_is_repeated_safely(
    gateway: Sandbox, adapter: Bluesky, maya: Grant
) -> None:
    """R-D3: a cut connection before the server read it costs nothing."""
    profile = job_of(maya, TEXT).profile
    gateway.fault("cut_before", platform="bluesky", step="refreshToken")
    with pytest.raises(PlatformError):
        adapter.refresh(maya.token, profile)
    assert adapter.refresh(maya.token, profile).access


def test_access_withdrawn_at_the_platform_is_noticed(
    gateway: Sandbox, adapter: Bluesky, maya: Grant
) -> None:
    """R-D8"""
    gateway.revoke("bluesky", MAYA)
    with pytest.raises(AuthExpired):
        publish(adapter, job_of(maya, TEXT))


def test_disconnecting_revokes(adapter: Bluesky, maya: Grant) -> None:
    profile = job_of(maya, TEXT).profile
    adapter.revoke(maya.token, profile)
    with pytest.raises(AuthExpired):
        adapter.refresh(maya.token, profile)


@pytest.mark.parametrize("typed", ["https://127.0.0.1", "https://169.254.169.254"])
def test_private_servers_are_refused(typed: str) -> None:
    """Acceptance case 13"""
    http.configure()
    with pytest.raises(Rejected, match="not allowed"):
        Bluesky(Credentials({})).begin(
            Visit("oauth", BACK, "state-1", BASE, {"account": typed})
        )
