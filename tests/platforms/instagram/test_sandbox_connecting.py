"""Both sign-ins against the sandbox's consent pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from platforms import clock
from platforms.errors import (
    AuthExpired,
    Rejected,
    Unsupported,
)
from platforms.types import (
    Profile,
    Token,
)
from tests.platforms.instagram.lena import (
    JUNO,
    LENA,
    LENA_PERSON,
    LOGINS,
    grant_of,
    lena,
    ready,
)
from tests.platforms.instagram.world import PUBLISH, visit
from tests.platforms.signin import consent, signed_in


def left(token: Token | None) -> timedelta:
    """How long a token lives on."""
    assert token is not None
    assert token.expires_at is not None
    return token.expires_at - clock.now()


def test_instagrams_login_brings_the_account(adapter):
    identity = lena(adapter, "instagram_login")
    assert (identity.handle, identity.kind) == ("lena.studio", "business")
    assert left(identity.token) > timedelta(days=59)


def test_facebooks_login_brings_every_page(adapter):
    """R-C5, R-C6"""
    found = {i.name: i for i in grant_of(adapter, "facebook_login").identities}
    assert found["Lena Studio"].external_id == LENA
    assert found["Lena Studio"].refused == ""
    assert "Link one" in found["Lena's Old Page"].refused
    assert "Ask an admin" in found["Harbor Coffee"].refused
    assert left(found["Lena Studio"].token) > timedelta(days=80)


@pytest.mark.parametrize("login", LOGINS)
def test_everything_ticked_grants_everything_asked(adapter, login):
    asked = {p.name for p in adapter.permissions(login)}
    assert asked <= set(grant_of(adapter, login).granted)


@pytest.mark.parametrize("login", LOGINS)
def test_an_unticked_permission_is_missing(adapter, login):
    """R-C4, sheet case 11"""
    asked = [p.name for p in adapter.permissions(login)]
    ticked = [name for name in asked if "publish" not in name]
    granted = grant_of(adapter, login, scope=ticked).granted
    assert {n for n in asked if n not in granted} == set(asked) - set(ticked)


def test_an_account_left_out_can_not_be_chosen(adapter):
    """R-C4: single assets can be unticked in Facebook's window."""
    page = consent(adapter, visit("facebook_login"))
    query = page.decide("allow", identity=LENA_PERSON, asset=[])
    try:
        grant = adapter.finish(visit("facebook_login"), {}, query)
    except Rejected as error:
        assert error.code == "no_pages"
    else:
        assert all(identity.refused for identity in grant.identities)


def test_a_personal_account_is_refused(adapter):
    """R-C7"""
    (identity,) = signed_in(adapter, visit("instagram_login"), JUNO).identities
    assert "Switch to professional" in identity.refused


@pytest.mark.parametrize("login", LOGINS)
def test_cancelling_is_told_in_words(adapter, login):
    query = consent(adapter, visit(login)).decide("cancel")
    with pytest.raises(Rejected, match="didn't allow"):
        adapter.finish(visit(login), {}, query)


@pytest.mark.parametrize("login", LOGINS)
def test_a_code_works_once(adapter, login):
    who = LENA if login == "instagram_login" else LENA_PERSON
    query = consent(adapter, visit(login)).decide("allow", identity=who)
    adapter.finish(visit(login), {}, query)
    with pytest.raises(Rejected, match="start again"):
        adapter.finish(visit(login), {}, query)


@pytest.mark.parametrize("shape", ["data", "flat"])
def test_both_shapes_of_the_exchange_are_read(adapter, gateway, shape):
    gateway.set(**{"instagram.token_shape": shape})
    assert PUBLISH in grant_of(adapter, "instagram_login").granted


def test_a_token_is_renewed(adapter, gateway):
    """R-D3"""
    minted = gateway.token("instagram", LENA, age_s=40 * 86_400)
    issued = (clock.now() - timedelta(days=40)).isoformat()
    old = Token(
        minted["access_token"],
        expires_at=clock.now() + timedelta(days=20),
        extra={"login": "instagram_login", "issued_at": issued},
    )
    fresh = adapter.refresh(old, Profile(LENA))
    assert fresh.access != old.access
    assert left(fresh) > timedelta(days=59)


def test_a_token_of_the_first_day_is_left_alone(adapter):
    identity = lena(adapter, "instagram_login")
    assert adapter.refresh(identity.token, Profile(LENA)) is identity.token


def test_revoking_ends_facebooks_tokens(adapter, job):
    """R-D8"""
    sample = job(login="facebook_login")
    adapter.revoke(sample.token, sample.profile)
    with pytest.raises(AuthExpired):
        ready(adapter, sample)
    with pytest.raises(Unsupported):
        adapter.revoke(job().token, job().profile)
