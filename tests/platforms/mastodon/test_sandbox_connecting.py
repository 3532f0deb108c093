"""Mastodon against the sandbox: three servers of three versions."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

import pytest

from platforms.adapter import Credentials
from platforms.errors import AuthExpired, Rejected, Unavailable
from platforms.mastodon.adapter import Mastodon
from platforms.mastodon.permissions import SCOPES
from platforms.types import Identity, Profile, Redirect, Token
from tests.platforms.mastodon.world import visit
from tests.sandbox.browserless import ConsentPage

CURRENT, OLD, VANITY = "mastodon.social", "old.masto.example", "social.fjord.example"


@pytest.fixture
def adapter(gateway) -> Mastodon:
    return Mastodon(Credentials({}))


def consent(adapter: Mastodon, server: str) -> tuple[ConsentPage, Mapping[str, str]]:
    redirect = adapter.begin(visit(server))
    assert isinstance(redirect, Redirect)
    address, _, query = redirect.url.partition("?")
    return ConsentPage(address, dict(parse_qsl(query))), redirect.secret


def sign_in(adapter: Mastodon, server: str, who: int = 0) -> Identity:
    page, secret = consent(adapter, server)
    ident = page.values("identity")[who]
    query = page.decide("allow", identity=ident)
    (identity,) = adapter.finish(visit(server), secret, query).identities
    return identity


def parts(identity: Identity) -> tuple[Token, Profile]:
    assert identity.token is not None
    return identity.token, Profile(identity.external_id, identity.handle)


@pytest.mark.parametrize(
    ("server", "handle"),
    [
        (CURRENT, "ada@mastodon.social"),
        (OLD, "ben@old.masto.example"),
        (VANITY, "ada@fjord.example"),
        ("fjord.example", "ada@fjord.example"),
        ("@ada@fjord.example", "ada@fjord.example"),
    ],
)
def test_every_kind_of_server_connects(adapter, server, handle):
    """R-C1, sheet case 2: new, old, and one that lies elsewhere."""
    identity = sign_in(adapter, server)
    assert identity.handle == handle
    assert identity.token is not None
    assert identity.token.scopes == SCOPES


def test_its_picture_is_there(adapter):
    url = sign_in(adapter, CURRENT).picture_url
    assert adapter.http.request("GET", url).status == 200


def test_people_of_one_server_are_told_apart(adapter):
    ids = {sign_in(adapter, CURRENT, who).external_id for who in (0, 1)}
    assert len(ids) == 2


def test_what_is_no_mastodon_says_so(adapter):
    with pytest.raises(Rejected, match="no Mastodon server at plain"):
        adapter.begin(visit("plain.masto.example"))


def test_a_liar_gets_its_own_name(adapter, gateway):
    gateway.set(**{"mastodon.claimed_domain": "mastodon.online"})
    assert sign_in(adapter, VANITY).handle == "ada@social.fjord.example"


def test_a_code_works_once(adapter):
    page, secret = consent(adapter, CURRENT)
    query = page.decide("allow", identity=page.values("identity")[0])
    adapter.finish(visit(), secret, query)
    with pytest.raises(Rejected, match="start again"):
        adapter.finish(visit(), secret, query)


def test_another_verifier_gets_nothing(adapter):
    page, secret = consent(adapter, CURRENT)
    query = page.decide("allow", identity=page.values("identity")[0])
    with pytest.raises(Rejected):
        adapter.finish(visit(), {**secret, "verifier": "another"}, query)


def test_a_disabled_account_is_told_where_to_look(adapter):
    with pytest.raises(AuthExpired, match="Sign in there"):
        sign_in(adapter, CURRENT, 2)


def test_revoking_ends_it(adapter):
    """R-D8"""
    token, profile = parts(sign_in(adapter, CURRENT))
    assert adapter.inspect(token, profile).granted == SCOPES
    adapter.revoke(token, profile)
    with pytest.raises(AuthExpired):
        adapter.inspect(token, profile)


def test_what_was_removed_at_the_server_is_noticed(adapter, gateway):
    """R-D8, sheet case 10"""
    identity = sign_in(adapter, CURRENT)
    gateway.revoke("mastodon", identity.handle)
    with pytest.raises(AuthExpired):
        adapter.inspect(*parts(identity))


def test_a_server_that_is_down_ends_no_sign_in(adapter, gateway):
    """Sheet case 11."""
    identity = sign_in(adapter, CURRENT)
    gateway.fault("error", platform="mastodon", step="verify_credentials", status=503)
    with pytest.raises(Unavailable):
        adapter.inspect(*parts(identity))
