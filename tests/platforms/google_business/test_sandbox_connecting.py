"""Google against the sandbox: the picker's rows, renewal, what is lost and regained."""

from __future__ import annotations

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
from platforms.google_business.adapter import GoogleBusiness
from platforms.google_business.permissions import MANAGE, SCOPES
from platforms.types import Grant, Identity, Profile, Token
from tests.platforms.google_business.world import CREDENTIALS, VISIT
from tests.platforms.signin import consent, signed_in

ROSA, IDA, TOM = (f"10000000000000000000{n}" for n in (1, 2, 3))
KEY = "google_business"


@pytest.fixture
def adapter(gateway) -> GoogleBusiness:
    return GoogleBusiness(Credentials(CREDENTIALS))


def named(grant: Grant, name: str) -> list[Identity]:
    return [each for each in grant.identities if each.name == name]


def chosen(adapter: GoogleBusiness, name: str, who: str = ROSA) -> Identity:
    return named(signed_in(adapter, VISIT, who), name)[0]


def token_of(identity: Identity) -> Token:
    assert identity.token is not None
    return identity.token


def profile(identity: Identity) -> Profile:
    return Profile(identity.external_id, kind=identity.kind, data=identity.data)


def test_two_stores_of_one_name_are_told_apart(adapter):
    """R-C5, sheet case 1"""
    stores = named(signed_in(adapter, VISIT, ROSA), "Corner Coffee")
    assert [store.address for store in stores] == [
        "12 Harbour St, Salem, US",
        "5 Mill Lane, Salem, US",
    ]
    assert {store.refused for store in stores} == {""}


def test_what_cant_be_chosen_says_why(adapter):
    """R-C6, sheet case 2"""
    grant = signed_in(adapter, VISIT, ROSA)
    assert "suspended" in named(grant, "Corner Roastery")[0].refused
    assert "hasn't verified" in named(grant, "Old Town Inn")[0].refused
    assert "Ask an owner" in named(grant, "Fjord Yoga")[0].refused
    assert named(grant, "Corner Catering")[0].refused == ""


def test_one_in_two_accounts_is_offered_once_with_the_stronger_role(adapter):
    (bakes,) = named(signed_in(adapter, VISIT, IDA), "Ida Bakes")
    assert bakes.role == "Owner"


def test_small_pages_change_nothing(adapter, gateway):
    whole = signed_in(adapter, VISIT, ROSA).identities
    gateway.set(**{"google_business.page_size": 1})
    paged = signed_in(adapter, VISIT, ROSA).identities
    assert [i.external_id for i in paged] == [i.external_id for i in whole]


def test_a_login_without_any_location_is_told_whom_to_ask(adapter):
    with pytest.raises(Rejected, match="no location of yours"):
        signed_in(adapter, VISIT, TOM)


def test_an_unticked_box_is_told(adapter):
    """R-C4"""
    with pytest.raises(Rejected, match="left empty"):
        signed_in(adapter, VISIT, ROSA, scope=[])


def test_cancelling_is_told_in_words(adapter):
    query = consent(adapter, VISIT).decide("cancel")
    with pytest.raises(Rejected, match="didn't allow"):
        adapter.finish(VISIT, {}, query)


def test_a_code_works_once(adapter):
    query = consent(adapter, VISIT).decide("allow", identity=ROSA)
    adapter.finish(VISIT, {}, query)
    with pytest.raises(Rejected, match="start again"):
        adapter.finish(VISIT, {}, query)


def test_a_second_sign_in_brings_lasting_access_too(adapter):
    """Without asking for consent it wouldn't."""
    first, second = (token_of(chosen(adapter, "Ida Bakes", IDA)) for _ in range(2))
    assert first.refresh != second.refresh


def test_renewing_goes_on_with_the_same_refresh_token(adapter, gateway):
    """R-D3"""
    identity = chosen(adapter, "Corner Catering")
    old = token_of(identity)
    gateway.advance(3_700)
    fresh = adapter.refresh(old, profile(identity))
    assert (fresh.refresh, fresh.scopes) == (old.refresh, SCOPES)
    assert adapter.inspect(fresh, profile(identity)).granted == SCOPES


@pytest.mark.parametrize("fault", ["cut_before", "cut_after"])
def test_a_lost_renewal_costs_nothing(adapter, gateway, fault):
    """R-D3: nothing is used up by it."""
    identity = chosen(adapter, "Corner Catering")
    gateway.fault(fault, platform=KEY, step="refresh", times=1)
    with pytest.raises(Unavailable):
        adapter.refresh(token_of(identity), profile(identity))
    assert adapter.refresh(token_of(identity), profile(identity)).access


def test_a_stale_access_token_alone_ends_nothing(adapter, gateway):
    identity = chosen(adapter, "Corner Catering")
    gateway.advance(3_700)
    assert adapter.inspect(token_of(identity), profile(identity)).granted


def test_access_removed_in_the_google_account_is_the_end(adapter, gateway):
    """R-D8: told by `invalid_grant`, also to the daily look."""
    identity = chosen(adapter, "Corner Catering")
    gateway.revoke(KEY, ROSA)
    for ask in (adapter.refresh, adapter.inspect):
        with pytest.raises(AuthExpired, match="access was removed"):
            ask(token_of(identity), profile(identity))


@pytest.mark.parametrize(
    ("reason", "kind"), [("rapt", AuthExpired), ("admin", PermissionMissing)]
)
def test_an_organisations_rules_are_told_as_such(adapter, gateway, reason, kind):
    identity = chosen(adapter, "Corner Catering")
    gateway.revoke(KEY, ROSA, reason)
    with pytest.raises(kind, match=r"organisation|Workspace"):
        adapter.refresh(token_of(identity), profile(identity))


def test_a_withdrawn_permission_shows_at_the_next_call_and_renewal(adapter, gateway):
    """R-C4, R-D8"""
    identity = chosen(adapter, "Corner Catering")
    gateway.remove_permissions(KEY, ROSA, MANAGE)
    with pytest.raises(PermissionMissing, match="Review"):
        adapter.inspect(token_of(identity), profile(identity))
    fresh = adapter.refresh(token_of(identity), profile(identity))
    assert MANAGE not in fresh.scopes


def test_a_role_lost_at_one_location_leaves_the_others(adapter, gateway):
    """Sheet case 11"""
    grant = signed_in(adapter, VISIT, ROSA)
    lost, kept = named(grant, "Corner Coffee")
    gateway.revoke(KEY, lost.external_id, "role")
    with pytest.raises(PermissionMissing, match="Ask an owner"):
        adapter.inspect(token_of(lost), profile(lost))
    assert adapter.inspect(token_of(kept), profile(kept)).granted


def test_revoking_ends_the_whole_sign_in(adapter):
    """R-D8: which is why siblings are told by their `login_id`."""
    first, second = named(signed_in(adapter, VISIT, ROSA), "Corner Coffee")
    assert first.data["login_id"] == second.data["login_id"] == ROSA
    adapter.revoke(token_of(first), profile(first))
    with pytest.raises(AuthExpired):
        adapter.refresh(token_of(second), profile(second))


def test_an_app_in_testing_has_a_last_day(adapter, gateway):
    """R-D4: so people are told ahead; a renewal doesn't move it."""
    gateway.set(**{"google_business.testing_mode": True})
    identity = chosen(adapter, "Corner Catering")
    ends = token_of(identity).ends_at
    assert ends is not None
    assert 6.9 < (ends - clock.now()).total_seconds() / 86_400 < 7
    assert adapter.refresh(token_of(identity), profile(identity)).ends_at == ends


@pytest.mark.parametrize(
    ("switch", "words"), [("approved", "request access"), ("enabled", "to enable")]
)
def test_the_projects_own_troubles_are_the_operators(adapter, gateway, switch, words):
    """Sheet case 12"""
    gateway.set(**{f"google_business.{switch}": False})
    with pytest.raises(OperatorTrouble, match=words):
        signed_in(adapter, VISIT, ROSA)


def test_too_fast_is_a_pause_for_the_app(adapter, gateway):
    gateway.fault("rate_limited", platform=KEY, step="accounts")
    with pytest.raises(RateLimited) as caught:
        signed_in(adapter, VISIT, ROSA)
    assert caught.value.scope == "app"


@pytest.mark.parametrize("step", ["exchange", "accounts", "locations"])
def test_an_outage_on_the_way_back_is_no_refusal(adapter, gateway, step):
    gateway.fault("error", platform=KEY, step=step, status=503)
    with pytest.raises(Unavailable) as caught:
        signed_in(adapter, VISIT, ROSA)
    assert not isinstance(caught.value, OperatorTrouble)
