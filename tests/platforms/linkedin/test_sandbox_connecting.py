"""LinkedIn against the sandbox: both ways in, renewal, lost roles, dead versions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from platforms import clock
from platforms.adapter import Credentials
from platforms.errors import (
    AuthExpired,
    OperatorTrouble,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.linkedin.adapter import LinkedIn
from platforms.linkedin.permissions import PAGE_POSTS
from platforms.types import Grant, Identity, Profile, Token, Visit
from tests.platforms.linkedin.world import ALONE, CREDENTIALS, SCOPES, VISIT
from tests.platforms.signin import consent, signed_in

ADA, BEN = "li000001", "li000002"
KEY = "linkedin"


@pytest.fixture
def adapter(gateway) -> LinkedIn:
    return LinkedIn(Credentials(CREDENTIALS))


def named(grant: Grant, name: str) -> list[Identity]:
    return [each for each in grant.identities if each.name == name]


def token_of(identity: Identity) -> Token:
    assert identity.token is not None
    return identity.token


def profile(identity: Identity) -> Profile:
    return Profile(identity.external_id, kind=identity.kind, data=identity.data)


def bakery(adapter: LinkedIn) -> Identity:
    return named(signed_in(adapter, VISIT, ADA), "Corner Bakery")[0]


def test_member_and_pages_come_together(adapter):
    """R-C5, R-C6: two of one name, and one that can't be chosen."""
    grant = signed_in(adapter, VISIT, ADA)
    member, *pages = grant.identities
    assert (member.name, member.kind) == ("Ada Example", "member")
    assert [(page.name, page.role) for page in pages] == [
        ("Corner Bakery", "Content admin"),
        ("Fjord Yoga", "Super admin"),
        ("Fjord Yoga", "Super admin"),
        ("Old Town Books", "Analyst"),
    ]
    assert len({page.address for page in pages}) == 4
    assert [bool(page.refused) for page in pages] == [False, False, False, True]


def test_a_member_without_pages_is_all_there_is(adapter):
    (member,) = signed_in(adapter, VISIT, BEN).identities
    assert member.name == "Ben Freelance"


def test_a_profile_alone_has_a_picture_and_no_renewal(adapter):
    (member,) = signed_in(adapter, ALONE, ADA).identities
    assert adapter.http.request("GET", member.picture_url).status == 200
    assert not adapter.renews(token_of(member))


@pytest.mark.parametrize("field", ["organizationTarget", "organizationalTarget"])
def test_older_names_of_the_pages_field_are_read(adapter, gateway, field):
    gateway.set(**{"linkedin.role_field": field})
    assert len(signed_in(adapter, VISIT, ADA).identities) == 5


@pytest.mark.parametrize("commas", [True, False])
def test_scopes_with_commas_or_blanks_are_the_same(adapter, gateway, commas):
    """R-C4"""
    gateway.set(**{"linkedin.scopes_with_commas": commas})
    for visit in (VISIT, ALONE):
        assert signed_in(adapter, visit, ADA).granted == SCOPES[visit.method]


def test_cancelling_is_told_in_words(adapter):
    query = consent(adapter, VISIT).decide("cancel")
    with pytest.raises(Rejected, match="didn't allow"):
        adapter.finish(VISIT, {}, query)


@pytest.mark.parametrize("visit", [VISIT, ALONE])
def test_a_code_works_once(adapter, visit: Visit):
    query = consent(adapter, visit).decide("allow", identity=ADA)
    adapter.finish(visit, {}, query)
    with pytest.raises(Rejected, match="start again"):
        adapter.finish(visit, {}, query)


@pytest.mark.parametrize("repeats", [True, False])
def test_renewing_goes_on_until_the_year_is_over(adapter, gateway, repeats):
    """R-D3, R-D4: whether or not the refresh token is repeated."""
    gateway.set(**{"linkedin.repeats_refresh_token": repeats})
    page = bakery(adapter)
    gateway.advance(55 * 86_400)
    fresh = adapter.refresh(token_of(page), profile(page))
    assert fresh.refresh == token_of(page).refresh
    gateway.advance(311 * 86_400)
    with pytest.raises(AuthExpired, match="has expired"):
        adapter.refresh(fresh, profile(page))


def test_the_last_day_is_told_truly(adapter, gateway):
    """R-D4: it counts from the sign-in."""
    page = bakery(adapter)
    gateway.advance(100 * 86_400)
    ends = adapter.refresh(token_of(page), profile(page)).ends_at
    assert ends is not None
    left = ends - clock.now()
    assert timedelta(days=264) < left <= timedelta(days=265)


@pytest.mark.parametrize("fault", ["cut_before", "cut_after"])
def test_a_lost_renewal_costs_nothing(adapter, gateway, fault):
    """R-D3"""
    page = bakery(adapter)
    gateway.fault(fault, platform=KEY, step="refresh", times=1)
    with pytest.raises(Unavailable):
        adapter.refresh(token_of(page), profile(page))
    assert adapter.refresh(token_of(page), profile(page)).access


def test_a_living_token_stands(adapter):
    page, (member,) = bakery(adapter), signed_in(adapter, ALONE, ADA).identities
    assert adapter.inspect(token_of(page), profile(page)).ends_at is None
    ends = adapter.inspect(token_of(member), profile(member)).ends_at
    assert ends is not None
    assert timedelta(days=59) < ends - clock.now() <= timedelta(days=60)


def test_a_removed_app_shows_at_the_daily_look(adapter, gateway):
    """R-D8, sheet case 7: for all of the grant."""
    grant = signed_in(adapter, VISIT, ADA)
    gateway.revoke(KEY, ADA)
    for identity in grant.identities:
        with pytest.raises(AuthExpired, match="removed at LinkedIn"):
            adapter.inspect(token_of(identity), profile(identity))


def test_sixty_days_without_renewal_are_the_end(adapter, gateway):
    """Sheet case 10"""
    (member,) = signed_in(adapter, ALONE, ADA).identities
    gateway.advance(61 * 86_400)
    with pytest.raises(AuthExpired, match="has expired"):
        adapter.inspect(token_of(member), profile(member))


def test_a_lost_role_is_that_pages_alone(adapter, gateway):
    """Sheet case 8"""
    grant = signed_in(adapter, VISIT, ADA)
    (lost,), (member,) = named(grant, "Corner Bakery"), named(grant, "Ada Example")
    gateway.revoke(KEY, lost.external_id.rpartition(":")[2], "role")
    with pytest.raises(PermissionMissing) as caught:
        adapter.inspect(token_of(lost), profile(lost))
    assert caught.value.names == (PAGE_POSTS,)
    assert adapter.inspect(token_of(member), profile(member)).granted


def test_a_withdrawn_permission_shows_at_the_daily_look(adapter, gateway):
    """R-C4, R-D8"""
    page = bakery(adapter)
    gateway.remove_permissions(KEY, ADA, PAGE_POSTS)
    standing = adapter.inspect(token_of(page), profile(page))
    assert PAGE_POSTS not in standing.granted


def test_revoking_ends_the_whole_grant(adapter):
    """R-D8: which is why siblings are told by their `login_id`."""
    first, *_, last = signed_in(adapter, VISIT, ADA).identities
    assert first.data["login_id"] == last.data["login_id"]
    adapter.revoke(token_of(first), profile(first))
    with pytest.raises(AuthExpired):
        adapter.refresh(token_of(last), profile(last))


def test_the_two_apps_know_a_member_by_two_ids(adapter):
    """R-C10: a profile is refreshed by the way it was connected."""
    pages = signed_in(adapter, VISIT, ADA).identities[0]
    (alone,) = signed_in(adapter, ALONE, ADA).identities
    assert pages.external_id != alone.external_id


def test_a_dead_version_is_the_operators(gateway):
    """Sheet case 9"""
    old = LinkedIn(Credentials({**CREDENTIALS, "LINKEDIN_VERSION": "202401"}))
    with pytest.raises(OperatorTrouble, match="newer one"):
        signed_in(old, VISIT, ADA)


def test_a_used_up_day_is_a_pause(adapter, gateway):
    gateway.fault("rate_limited", platform=KEY, step="roles")
    with pytest.raises(RateLimited) as caught:
        signed_in(adapter, VISIT, ADA)
    assert caught.value.until - clock.now() <= timedelta(days=1)


@pytest.mark.parametrize("step", ["exchange", "me", "roles", "organizations"])
def test_an_outage_on_the_way_back_is_no_refusal(adapter, gateway, step):
    gateway.fault("error", platform=KEY, step=step, status=503)
    with pytest.raises(Unavailable) as caught:
        signed_in(adapter, VISIT, ADA)
    assert not isinstance(caught.value, OperatorTrouble)
