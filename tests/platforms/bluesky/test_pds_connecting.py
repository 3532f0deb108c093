"""Connecting, renewing and ending, against a real Bluesky server."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from platforms import clock
from platforms.bluesky import dpop
from platforms.bluesky.adapter import Bluesky
from platforms.errors import AuthExpired, Rejected
from platforms.types import Visit
from tests.platforms.bluesky.conftest import Connected, SignIn
from tests.platforms.samples import draft
from tests.support import pds_pages
from tests.support.pds import Pds
from tests.support.plugin_pds import PDS_MARKS

pytestmark = PDS_MARKS

TEXT = draft("text", "Hello")


def test_an_app_password_connects(ada: Connected) -> None:
    """R-C2: the password never passes through us, only one made for us."""
    assert ada.token.scopes == ("com.atproto.appPass",)
    assert ada.token.expires_at is not None
    assert 7_000 < -clock.since(ada.token.expires_at) <= 7_200
    assert ada.token.extra["pds"].startswith("http://localhost:")


def test_a_wrong_app_password_is_told_beside_its_field(
    pds: Pds, bluesky: Bluesky
) -> None:
    inputs = {
        "handle": pds.account().handle,
        "app_password": "aaaa-bbbb-cccc-dddd",
    }
    with pytest.raises(Rejected, match="doesn't accept this app password") as raised:
        bluesky.begin(Visit("app_password", "", "", "http://127.0.0.1", inputs))
    assert raised.value.field == "app_password"


def test_an_unknown_handle_is_told(bluesky: Bluesky) -> None:
    inputs = {"handle": "nobody.test", "app_password": "aaaa-bbbb-cccc-dddd"}
    with pytest.raises(Rejected, match=r"doesn't know the handle nobody\.test"):
        bluesky.begin(Visit("app_password", "", "", "http://127.0.0.1", inputs))


def test_an_app_password_session_is_renewed(ada: Connected) -> None:
    new = ada.adapter.refresh(ada.token, ada.profile)
    assert new.refresh != ada.token.refresh
    assert replace(ada, token=new).publish(TEXT).id


def test_a_revoked_app_password_is_noticed_at_the_next_renewal(
    pds: Pds, ada: Connected
) -> None:
    """R-D8"""
    pds.revoke_app_password(ada.account)
    with pytest.raises(AuthExpired) as raised:
        ada.adapter.refresh(ada.token, ada.profile)
    assert raised.value.code == "ExpiredToken"


def test_disconnecting_ends_the_app_passwords_session(ada: Connected) -> None:
    """R-D8: removing a profile revokes its token at the platform."""
    ada.adapter.revoke(ada.token, ada.profile)
    with pytest.raises(AuthExpired):
        ada.adapter.refresh(ada.token, ada.profile)
    ada.adapter.revoke(ada.token, ada.profile)


@pytest.mark.browser
def test_oauth_connects_by_handle(pds: Pds, sign_in: SignIn) -> None:
    """R-C2: sign-in and consent happen on the server's own pages."""
    account = pds.account("eve")
    grant = sign_in(account)
    (identity,) = grant.identities
    assert (identity.external_id, identity.handle) == (account.did, account.handle)
    assert grant.granted == ("atproto", "transition:generic")
    assert grant.token.extra["issuer"] == pds.url


@pytest.mark.browser
def test_oauth_connects_by_server_address(pds: Pds, sign_in: SignIn) -> None:
    account = pds.account("eve")
    assert sign_in(account, typed=pds.url).identities[0].external_id == account.did


@pytest.mark.browser
def test_an_empty_name_signs_in_at_the_entry_server(pds: Pds, sign_in: SignIn) -> None:
    account = pds.account("eve")
    assert sign_in(account, typed="").identities[0].external_id == account.did


@pytest.mark.browser
def test_saying_no_is_told(pds: Pds, sign_in: SignIn) -> None:
    with pytest.raises(Rejected, match="didn't allow") as raised:
        sign_in(pds.account(), consent=pds_pages.deny)
    assert raised.value.code == "access_denied"


@pytest.mark.browser
def test_an_oauth_session_is_renewed_and_the_old_token_dies(bob: Connected) -> None:
    """R-D3: a refreshed session goes on, nobody may use the old token any more."""
    new = bob.adapter.refresh(bob.token, bob.profile)
    assert new.refresh != bob.token.refresh and new.extra == bob.token.extra
    assert replace(bob, token=new).publish(TEXT).id
    with pytest.raises(AuthExpired):
        bob.publish(TEXT)


@pytest.mark.browser
def test_a_refresh_token_used_twice_ends_the_session(bob: Connected) -> None:
    """Acceptance cases 5 and 6: why refreshes are locked and never repeated."""
    new = bob.adapter.refresh(bob.token, bob.profile)
    with pytest.raises(AuthExpired) as raised:
        bob.adapter.refresh(bob.token, bob.profile)
    assert raised.value.code == "invalid_grant"
    with pytest.raises(AuthExpired):
        bob.adapter.refresh(new, bob.profile)


@pytest.mark.browser
def test_a_stolen_token_is_worthless_without_its_key(bob: Connected) -> None:
    extra = {**bob.token.extra, "dpop_key": dpop.new_key()}
    with pytest.raises(AuthExpired):
        replace(bob, token=replace(bob.token, extra=extra)).publish(TEXT)


@pytest.mark.browser
def test_disconnecting_ends_the_oauth_session(bob: Connected) -> None:
    """R-D8"""
    bob.adapter.revoke(bob.token, bob.profile)
    with pytest.raises(AuthExpired):
        bob.adapter.refresh(bob.token, bob.profile)
    bob.adapter.revoke(bob.token, bob.profile)


@pytest.mark.browser
def test_a_new_process_learns_the_nonce_by_itself(bob: Connected) -> None:
    """Acceptance case 7: nonces live in memory only."""
    fresh = Bluesky(bob.adapter.credentials)
    started = time.monotonic()
    assert replace(bob, adapter=fresh).publish(TEXT).id
    assert time.monotonic() - started < 10
