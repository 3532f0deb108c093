"""Google's statuses and reasons, and the token endpoint's own names."""

from __future__ import annotations

from datetime import timedelta

import pytest

from platforms import clock
from platforms.errors import (
    AuthExpired,
    OperatorTrouble,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.google_business.errors import OAUTH, ROWS, value_of
from tests.platforms.fakes import reply
from tests.platforms.google_business.world import oauth_refusal, refusal


def raised(answered) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        value_of(answered, ("manage",))
    return caught.value


@pytest.mark.parametrize(
    ("status", "http", "reason", "kind"),
    [
        ("UNAUTHENTICATED", 401, "", AuthExpired),
        ("UNAUTHENTICATED", 401, "ACCESS_TOKEN_EXPIRED", AuthExpired),
        ("PERMISSION_DENIED", 403, "", PermissionMissing),
        ("PERMISSION_DENIED", 403, "SERVICE_DISABLED", OperatorTrouble),
        (
            "PERMISSION_DENIED",
            403,
            "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            PermissionMissing,
        ),
        ("NOT_FOUND", 404, "", PermissionMissing),
        ("FAILED_PRECONDITION", 400, "", PermissionMissing),
        ("INVALID_ARGUMENT", 400, "", Rejected),
        ("ABORTED", 409, "", Unavailable),
        ("RESOURCE_EXHAUSTED", 429, "", RateLimited),
        ("RESOURCE_EXHAUSTED", 429, "RATE_LIMIT_EXCEEDED", RateLimited),
        ("INTERNAL", 500, "", Unavailable),
        ("UNAVAILABLE", 503, "", Unavailable),
        ("DEADLINE_EXCEEDED", 504, "", Unavailable),
        ("OF_TOMORROW", 400, "", Rejected),
        ("OF_TOMORROW", 500, "", Unavailable),
    ],
)
def test_the_apis_are_judged_by_status_and_reason(status, http, reason, kind):
    """R-F5"""
    error = raised(refusal(status, http, reason))
    assert type(error) is kind
    assert error.code == (f"{status}/{reason}" if reason else status)
    assert (error.status, error.details) == (http, "Told.")


@pytest.mark.parametrize(
    ("code", "http", "kind"),
    [
        ("invalid_grant", 400, AuthExpired),
        ("invalid_token", 400, AuthExpired),
        ("admin_policy_enforced", 400, PermissionMissing),
        ("invalid_client", 401, OperatorTrouble),
        ("unauthorized_client", 401, OperatorTrouble),
        ("deleted_client", 401, OperatorTrouble),
        ("org_internal", 403, OperatorTrouble),
        ("redirect_uri_mismatch", 400, OperatorTrouble),
        ("invalid_scope", 400, OperatorTrouble),
        ("invalid_request", 400, Rejected),
        ("unsupported_grant_type", 400, Rejected),
        ("internal_failure", 500, Unavailable),
    ],
)
def test_the_token_endpoint_is_judged_by_the_key_error(code, http, kind):
    assert type(raised(oauth_refusal(code, http))) is kind


def test_a_minute_is_the_pause_without_a_header():
    error = raised(refusal("RESOURCE_EXHAUSTED", 429))
    assert isinstance(error, RateLimited)
    wait = error.until - clock.now()
    assert timedelta(seconds=50) < wait <= timedelta(seconds=60)


def test_a_permission_is_named():
    error = raised(refusal("PERMISSION_DENIED", 403))
    assert isinstance(error, PermissionMissing)
    assert error.names == ("manage",)


@pytest.mark.parametrize(
    "details",
    [None, "text", [], [None], ["x"], [{"metadata": "x"}], [{"reason": None}]],
)
def test_details_may_be_missing_or_odd(details):
    """A 400 often comes with its message alone."""
    error = {"code": 400, "message": "No.", "status": "INVALID_ARGUMENT"}
    told = raised(reply({"error": {**error, "details": details}}, 400))
    assert isinstance(told, Rejected)


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_something_between_google_and_us_ends_nothing(status):
    """A page says nothing of tokens and roles."""
    assert type(raised(reply(b"<html>", status))) is Unavailable


def test_too_many_says_so_by_the_status_alone():
    assert isinstance(raised(reply(b"<html>", 429)), RateLimited)


def test_every_row_says_something_plain():
    for fault in (*ROWS.values(), *OAUTH.values()):
        assert len(fault.words) > 20
        assert fault.words.endswith(".")
