"""LinkedIn's OAuth by two apps: what each asks for, gets, and can renew."""

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
    Unsupported,
)
from platforms.linkedin.permissions import MEMBER, PAGE_POSTS, PAGES
from platforms.types import Grant, Redirect, Visit
from tests.platforms.fakes import FakeHttp, reply
from tests.platforms.linkedin.world import (
    ACCESS,
    ACCESS_2,
    ACLS,
    ALONE,
    INTROSPECT,
    MEMBER_PROFILE,
    PAGE_PROFILE,
    REFRESH,
    SCOPES,
    TOKEN,
    VISIT,
    YOGA,
    acl,
    acls,
    fresh,
    linkedin,
    oauth_refusal,
    refusal,
    renewed,
    seen,
    token,
    world,
)


def asked_for(visit: Visit) -> dict[str, str]:
    redirect = linkedin().begin(visit)
    assert isinstance(redirect, Redirect)
    parts = urlsplit(redirect.url)
    assert f"{parts.netloc}{parts.path}" == "www.linkedin.com/oauth/v2/authorization"
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def finished(http: FakeHttp, visit: Visit = VISIT) -> Grant:
    return linkedin(http).finish(visit, {}, {"code": "code-1"})


# There


@pytest.mark.parametrize(("visit", "app"), [(VISIT, "86pages"), (ALONE, "86member")])
def test_each_way_has_an_app_of_its_own(visit, app):
    """LinkedIn's product for Pages must be the only one of its app."""
    asked = asked_for(visit)
    assert asked["client_id"] == app
    assert asked["scope"] == " ".join(SCOPES[visit.method])
    assert "code_challenge" not in asked
    assert asked["redirect_uri"] == visit.redirect_uri


def test_no_scope_of_one_product_is_asked_of_the_other():
    """Else the flow ends with unauthorized_scope_error."""
    assert {"openid", "profile"}.isdisjoint(SCOPES[PAGES])
    assert not [name for name in SCOPES[MEMBER] if "organization" in name]


# Back


@pytest.mark.parametrize("visit", [VISIT, ALONE])
def test_the_exchange_is_a_form_with_that_apps_secret(visit):
    http = world()
    finished(http, visit)
    (sent,) = http.to(TOKEN)
    secret = "pages-secret" if visit is VISIT else "app-secret"
    assert sent.form["client_secret"] == f"canary-linkedin-{secret}"
    assert "Authorization" not in sent.headers


def test_with_pages_the_sign_in_lasts_a_year():
    """R-D4: the end that is told is the end of renewing."""
    kept = finished(world()).token
    assert (kept.access, kept.refresh) == (ACCESS, REFRESH)
    assert kept.extra == {"login": PAGES}
    assert kept.expires_at is not None
    assert kept.ends_at is not None
    assert timedelta(days=59) < kept.expires_at - clock.now() <= timedelta(days=60)
    assert timedelta(days=364) < kept.ends_at - clock.now()


def test_without_pages_nothing_renews_it():
    """R-D4: so people are told ahead, from the first day on."""
    kept = finished(world(), ALONE).token
    assert (kept.refresh, kept.ends_at) == ("", None)
    adapter = linkedin()
    assert not adapter.renews(kept)
    assert adapter.renews(token())
    with pytest.raises(Unsupported):
        adapter.refresh(kept, MEMBER_PROFILE)


@pytest.mark.parametrize("joint", [",", " ", ", "])
def test_scopes_come_with_commas_or_blanks(joint):
    """R-C4"""
    http = world().on("POST", TOKEN, fresh(scope=joint.join(SCOPES[PAGES])))
    assert finished(http).granted == SCOPES[PAGES]


def test_a_scope_that_wasnt_given_is_missing():
    """R-C4: an app may lose a product."""
    fewer = [name for name in SCOPES[PAGES] if name != PAGE_POSTS]
    http = world().on("POST", TOKEN, fresh(scope=",".join(fewer)))
    assert PAGE_POSTS not in finished(http).granted


def test_an_answer_without_scopes_grants_what_was_asked_for():
    """RFC 6749, 5.1"""
    http = world().on("POST", TOKEN, fresh(MEMBER, scope=None))
    assert finished(http, ALONE).granted == SCOPES[MEMBER]


@pytest.mark.parametrize("code", ["invalid_request", "invalid_grant"])
def test_a_used_code_is_told_in_words(code):
    http = world().on("POST", TOKEN, oauth_refusal(code))
    with pytest.raises(Rejected, match="start again") as caught:
        finished(http)
    assert caught.value.code == code


def test_wrong_keys_are_the_operators_trouble():
    http = world().on("POST", TOKEN, oauth_refusal("invalid_client", 401))
    with pytest.raises(OperatorTrouble, match="whoever runs it"):
        finished(http)


@pytest.mark.parametrize("error", ["user_cancelled_login", "user_cancelled_authorize"])
def test_declining_is_told_in_words(error):
    with pytest.raises(Rejected, match="didn't allow"):
        linkedin().finish(VISIT, {}, {"error": error})


# Renewing


def test_renewing_brings_sixty_days_more():
    """R-D3"""
    http = world()
    new = linkedin(http).refresh(token(), PAGE_PROFILE)
    assert (new.access, new.refresh) == (ACCESS_2, REFRESH)
    assert http.last.form["refresh_token"] == REFRESH
    assert http.last.form["client_id"] == "86pages"


def test_a_refresh_token_that_isnt_repeated_is_kept():
    ends = clock.now() + timedelta(days=200)
    nothing = renewed(refresh_token=None, refresh_token_expires_in=None)
    http = world().on("POST", TOKEN, nothing)
    new = linkedin(http).refresh(token(ends_at=ends), PAGE_PROFILE)
    assert (new.refresh, new.ends_at) == (REFRESH, ends)


def test_its_year_goes_on_running():
    """R-D4: renewing doesn't prolong it."""
    http = world().on("POST", TOKEN, renewed(refresh_token_expires_in=864_000))
    adapter = linkedin(http)
    ends = adapter.refresh(token(), PAGE_PROFILE).ends_at
    assert not adapter.prolongs
    assert ends is not None
    assert timedelta(days=9) < ends - clock.now() <= timedelta(days=10)


def test_invalid_grant_is_the_end():
    http = world().on("POST", TOKEN, oauth_refusal("invalid_grant"))
    with pytest.raises(AuthExpired, match="has expired"):
        linkedin(http).refresh(token(), PAGE_PROFILE)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (oauth_refusal("invalid_client", 401), OperatorTrouble),
        (oauth_refusal("server_error", 500), Unavailable),
        (AnswerLost("ReadTimeout"), Unavailable),
        (reply(b"<html>", 502), Unavailable),
        (reply(b"<html>", 401), Unavailable),
    ],
)
def test_nothing_else_is_the_end(answer, kind):
    """R-D3"""
    http = world().on("POST", TOKEN, answer)
    with pytest.raises(kind) as caught:
        linkedin(http).refresh(token(), PAGE_PROFILE)
    assert not isinstance(caught.value, AuthExpired)


# Revoking


@pytest.mark.parametrize(("login", "app"), [(PAGES, "86pages"), (MEMBER, "86member")])
def test_revoking_speaks_as_the_app_that_got_the_token(login, app):
    """R-D8: answered with nothing at all."""
    http = world()
    linkedin(http).revoke(token(login), MEMBER_PROFILE)
    assert http.last.form["token"] == ACCESS
    assert http.last.form["client_id"] == app


# Looking


def test_introspection_tells_rights_and_the_last_day():
    """R-D8, R-D4: where nothing renews it, the token's own end is the end."""
    http = world().on("POST", INTROSPECT, seen(scope="openid,profile"))
    standing = linkedin(http).inspect(token(MEMBER), MEMBER_PROFILE)
    assert standing.granted == ("openid", "profile")
    assert standing.ends_at is not None
    assert standing.ends_at - clock.now() > timedelta(days=59)
    assert http.to(ACLS) == []


def test_where_it_renews_the_tokens_own_end_is_no_end():
    assert linkedin().inspect(token(), PAGE_PROFILE).ends_at is None


@pytest.mark.parametrize(
    ("status", "words"),
    [("revoked", "removed at LinkedIn"), ("expired", "expired"), ("odd", "no longer")],
)
def test_a_dead_token_says_why(status, words):
    """R-D8"""
    http = world().on("POST", INTROSPECT, seen(status))
    with pytest.raises(AuthExpired, match=words):
        linkedin(http).inspect(token(), PAGE_PROFILE)


@pytest.mark.parametrize("left", [acls(), acls(acl(YOGA, "ANALYST"))])
def test_a_lost_role_is_a_missing_permission_of_that_page_only(left):
    """Sheet case 8: the member of the same grant still works."""
    http = world().on("GET", ACLS, left)
    with pytest.raises(PermissionMissing, match="Ask a super admin") as caught:
        linkedin(http).inspect(token(), PAGE_PROFILE)
    assert caught.value.names == (PAGE_POSTS,)
    assert linkedin(http).inspect(token(), MEMBER_PROFILE).granted


def test_the_version_is_the_operators_to_set():
    http = world()
    linkedin(http).inspect(token(), PAGE_PROFILE)
    assert http.last.headers["Linkedin-Version"] == "202609"
    linkedin(http, LINKEDIN_VERSION="202612").inspect(token(), PAGE_PROFILE)
    assert http.last.headers["Linkedin-Version"] == "202612"
    assert http.last.headers["X-Restli-Protocol-Version"] == "2.0.0"


def test_a_version_that_died_is_the_operators_trouble():
    """Sheet case 9: nothing is called dead by it."""
    http = world().on("GET", ACLS, refusal("NONEXISTENT_VERSION", 426))
    with pytest.raises(OperatorTrouble, match="newer one"):
        linkedin(http).inspect(token(), PAGE_PROFILE)


def test_a_token_of_unknown_origin_is_a_members():
    """Such as one whose way was forgotten."""
    http = world()
    linkedin(http).revoke(token(MEMBER, extra={}), MEMBER_PROFILE)
    assert http.last.form["client_id"] == "86member"
