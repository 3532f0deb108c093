"""Google's OAuth: tick boxes, access that lasts, and what is asked of whom."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from core.http import AnswerLost
from platforms import clock
from platforms.errors import (
    AuthExpired,
    OperatorTrouble,
    PermissionMissing,
    Rejected,
    Unavailable,
)
from platforms.google_business.login import login_id
from platforms.google_business.permissions import MANAGE, OPENID, SCOPES
from platforms.types import Grant, Redirect
from tests.platforms.fakes import FakeHttp, reply
from tests.platforms.google_business.world import (
    ACCESS,
    ACCESS_2,
    CODE,
    MERCHANT,
    OAUTH,
    OLD_TOWN,
    PERSON,
    PLACES,
    PROFILE,
    REFRESH,
    VISIT,
    fresh,
    google,
    id_token,
    oauth_refusal,
    place,
    refusal,
    renewed,
    token,
    world,
)


def finished(http: FakeHttp) -> Grant:
    return google(http).finish(VISIT, {}, {"code": CODE})


# There


def test_the_address_asks_for_access_that_lasts():
    """Without consent Google sends no refresh token a second time."""
    redirect = google().begin(VISIT)
    assert isinstance(redirect, Redirect)
    parts = urlsplit(redirect.url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert f"{parts.netloc}{parts.path}" == "accounts.google.com/o/oauth2/v2/auth"
    assert asked["access_type"] == "offline"
    assert asked["prompt"] == "select_account consent"
    assert asked["scope"] == f"{MANAGE} {OPENID}"
    assert asked["redirect_uri"] == VISIT.redirect_uri


def test_only_what_is_used_is_asked_for():
    """R-C3: one scope opens everything, and one tells whose it is."""
    assert SCOPES == (MANAGE, OPENID)


# Back


def test_the_exchange_is_a_form_with_the_apps_keys():
    http = world()
    finished(http)
    (sent,) = http.to(OAUTH)
    assert sent.form["code"] == CODE
    assert sent.form["grant_type"] == "authorization_code"
    assert sent.form["client_secret"] == "canary-google-app-secret"
    assert sent.json is None


def test_the_answers_scopes_are_what_was_granted():
    """R-C4: their order means nothing."""
    grant = finished(world())
    assert set(grant.granted) == set(SCOPES)
    assert grant.token.refresh == REFRESH
    assert grant.token.ends_at is None
    assert grant.token.expires_at is not None
    assert grant.token.expires_at - clock.now() < timedelta(hours=1)


def test_access_for_a_limited_time_has_an_end():
    """A consent screen in testing, or a person's choice."""
    http = world().on("POST", OAUTH, fresh(refresh_token_expires_in=604_799))
    ends = finished(http).token.ends_at
    assert ends is not None
    assert ends - clock.now() > timedelta(days=6, hours=23)


def test_an_unticked_box_is_told_before_anything_is_listed():
    """R-C4: without this permission there are no locations to keep."""
    http = world().on("POST", OAUTH, fresh(scope=OPENID))
    with pytest.raises(Rejected, match="left empty") as caught:
        finished(http)
    assert caught.value.code == "scope"
    assert len(http.sent) == 1


def test_access_for_an_hour_only_is_no_connection():
    http = world().on("POST", OAUTH, fresh(refresh_token=None))
    with pytest.raises(Rejected, match="an hour only"):
        finished(http)


def test_a_used_code_is_told_in_words():
    http = world().on("POST", OAUTH, oauth_refusal("invalid_grant"))
    with pytest.raises(Rejected, match="start again") as caught:
        finished(http)
    assert caught.value.code == "invalid_grant"


def test_wrong_keys_are_the_operators_trouble():
    http = world().on("POST", OAUTH, oauth_refusal("invalid_client", 401))
    with pytest.raises(OperatorTrouble, match="whoever runs it"):
        finished(http)


def test_declining_is_told_in_words():
    with pytest.raises(Rejected, match="didn't allow"):
        google().finish(VISIT, {}, {"error": "access_denied"})


@pytest.mark.parametrize("odd", ["", "one", "a.b.c", "a.bm9wZQ.c", "a.e30.c", "é.é.é"])
def test_without_a_readable_id_token_the_sign_in_goes_on(odd):
    """Its code is used up by then."""
    assert login_id(odd) == ""
    http = world().on("POST", OAUTH, fresh(id_token=odd))
    assert "login_id" not in finished(http).identities[0].data


def test_the_person_behind_the_sign_in_is_known():
    """R-D8: so that revoking for one location doesn't end its siblings."""
    assert login_id(id_token()) == PERSON
    assert {each.data["login_id"] for each in finished(world()).identities} == {PERSON}


# Renewing


def test_renewing_keeps_the_refresh_token_that_isnt_repeated():
    """R-D3"""
    http = world()
    new = google(http).refresh(token(), PROFILE)
    assert (new.access, new.refresh) == (ACCESS_2, REFRESH)
    assert http.last.form["refresh_token"] == REFRESH
    assert new.extra == {"login": "google_login"}


def test_renewing_keeps_the_last_day_that_isnt_repeated():
    ends = clock.now() + timedelta(days=3)
    assert google().refresh(token(ends_at=ends), PROFILE).ends_at == ends


def test_a_refresh_token_that_is_repeated_after_all_is_taken():
    http = world().on("POST", OAUTH, renewed(refresh_token="1//0canary-new"))
    assert google(http).refresh(token(), PROFILE).refresh == "1//0canary-new"


def test_a_permission_withdrawn_meanwhile_shows_with_the_renewal():
    """R-D8"""
    http = world().on("POST", OAUTH, renewed(scope=OPENID))
    assert google(http).refresh(token(), PROFILE).scopes == (OPENID,)


@pytest.mark.parametrize("subtype", ["", "invalid_rapt"])
def test_invalid_grant_is_the_end(subtype):
    """R-D1: the only word that is."""
    http = world().on("POST", OAUTH, oauth_refusal("invalid_grant", subtype=subtype))
    with pytest.raises(AuthExpired) as caught:
        google(http).refresh(token(), PROFILE)
    assert ("organisation" in caught.value.message) == bool(subtype)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (oauth_refusal("invalid_client", 401), OperatorTrouble),
        (oauth_refusal("admin_policy_enforced"), PermissionMissing),
        (oauth_refusal("internal_failure", 500), Unavailable),
        (oauth_refusal("something_new"), Rejected),
        (AnswerLost("ReadTimeout"), Unavailable),
        (reply(b"<html>", 401), Unavailable),
        (reply(b"", 502), Unavailable),
    ],
)
def test_nothing_else_is_the_end(answer, kind):
    """R-D3: what may pass never marks a connection dead."""
    http = world().on("POST", OAUTH, answer)
    with pytest.raises(kind) as caught:
        google(http).refresh(token(), PROFILE)
    assert not isinstance(caught.value, AuthExpired)


def test_without_a_refresh_token_only_a_person_can_help():
    with pytest.raises(AuthExpired):
        google().refresh(token(refresh=""), PROFILE)


def test_it_renews_ahead_of_the_hour():
    """R-D3, and nothing is used up by it."""
    adapter = google()
    assert adapter.refresh_ahead == timedelta(minutes=10)
    assert adapter.used_up == {}
    assert not (adapter.publishes or adapter.prolongs)


# Revoking


def test_revoking_hands_the_refresh_token_in():
    """R-D8"""
    http = world()
    google(http).revoke(token(), PROFILE)
    assert http.last.form == {"token": REFRESH}


def test_what_was_dead_already_says_so():
    http = world().on("POST", "/revoke", oauth_refusal("invalid_token"))
    with pytest.raises(AuthExpired):
        google(http).revoke(token(), PROFILE)


# Looking


def test_a_location_in_good_standing_keeps_its_rights():
    http = world()
    standing = google(http).inspect(token(), PROFILE)
    assert (standing.granted, standing.ends_at) == (SCOPES, None)
    (sent,) = http.sent
    assert sent.query["readMask"]
    assert sent.headers["Authorization"] == f"Bearer {ACCESS}"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal("PERMISSION_DENIED", 403), "Ask an owner"),
        (refusal("NOT_FOUND", 404), "no longer shows"),
        (
            refusal("PERMISSION_DENIED", 403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            "Review the permissions",
        ),
    ],
)
def test_a_lost_role_is_no_dead_token(answer, words):
    """Sheet case 11: other locations of the login keep working."""
    http = world().on("GET", f"{PLACES}/locations/991", answer)
    with pytest.raises(PermissionMissing, match=words) as caught:
        google(http).inspect(token(), PROFILE)
    assert caught.value.names == (MANAGE,)


def test_a_suspended_location_says_what_google_wants():
    http = world().on("GET", f"{PLACES}/loc", reply(place("991", "Mira", good=False)))
    reason = {"recommendationReason": "BUSINESS_LOCATION_SUSPENDED"}
    http.on("GET", MERCHANT.format("991"), reply({"complyWithGuidelines": reason}))
    with pytest.raises(PermissionMissing, match="suspended"):
        google(http).inspect(token(), PROFILE)


def test_a_stale_access_token_is_renewed_and_asked_again():
    """R-D3: 401 alone ends nothing."""
    stale = refusal("UNAUTHENTICATED", 401)
    http = world().on("GET", f"{PLACES}/locations/991", stale, reply(OLD_TOWN))
    assert google(http).inspect(token(), PROFILE).granted
    assert http.last.headers["Authorization"] == f"Bearer {ACCESS_2}"


def test_a_withdrawn_access_shows_at_the_renewal():
    """R-D8"""
    http = world().on("GET", f"{PLACES}/loc", refusal("UNAUTHENTICATED", 401))
    http.on("POST", OAUTH, oauth_refusal("invalid_grant"))
    with pytest.raises(AuthExpired):
        google(http).inspect(token(), PROFILE)


def test_a_renewed_token_that_isnt_taken_is_googles_trouble():
    http = world().on("GET", f"{PLACES}/loc", refusal("UNAUTHENTICATED", 401))
    with pytest.raises(Unavailable):
        google(http).inspect(token(), PROFILE)
