"""LinkedIn's codes, the numbers beside them, and its OAuth host's own names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

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
from platforms.linkedin.errors import BY_NUMBER, BY_STATUS, ROWS, value_of
from tests.platforms.fakes import reply
from tests.platforms.linkedin.world import oauth_refusal, refusal


def raised(answered) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        value_of(answered, ("w_member_social",))
    return caught.value


@pytest.mark.parametrize(
    ("code", "http", "number", "kind"),
    [
        ("INVALID_ACCESS_TOKEN", 401, 65600, AuthExpired),
        ("REVOKED_ACCESS_TOKEN", 401, 65601, AuthExpired),
        ("EXPIRED_ACCESS_TOKEN", 401, 65602, AuthExpired),
        ("", 401, 65601, AuthExpired),
        ("OF_TOMORROW", 401, 0, AuthExpired),
        ("ACCESS_DENIED", 403, 100, PermissionMissing),
        ("OF_TOMORROW", 403, 0, PermissionMissing),
        ("NONEXISTENT_VERSION", 426, 0, OperatorTrouble),
        ("VERSION_MISSING", 400, 0, OperatorTrouble),
        ("MISSING_FIELD", 400, 0, Rejected),
        ("INVALID_VALUE_FOR_FIELD", 400, 0, Rejected),
        ("INVALID_URN_TYPE", 400, 0, Rejected),
        ("OF_TOMORROW", 400, 0, Rejected),
        ("OF_TOMORROW", 404, 0, Rejected),
        ("OF_TOMORROW", 409, 0, Unavailable),
        ("TOO_MANY_REQUESTS", 429, 101, RateLimited),
        ("OF_TOMORROW", 429, 0, RateLimited),
        ("INTERNAL_SERVER_ERROR", 500, 0, Unavailable),
        ("OF_TOMORROW", 503, 0, Unavailable),
    ],
)
def test_the_api_is_judged_by_code_number_and_status(code, http, number, kind):
    """R-F5"""
    error = raised(refusal(code, http, number))
    assert type(error) is kind
    assert (error.code, error.status) == (code, http)
    assert error.details == f"Told: {code}"


@pytest.mark.parametrize(
    ("code", "http", "kind"),
    [
        ("invalid_grant", 400, AuthExpired),
        ("invalid_client", 401, OperatorTrouble),
        ("unauthorized_client", 401, OperatorTrouble),
        ("unauthorized_scope_error", 400, OperatorTrouble),
        ("invalid_redirect_uri", 400, OperatorTrouble),
        ("invalid_request", 400, Rejected),
        ("unsupported_grant_type", 400, Rejected),
        ("server_error", 500, Unavailable),
        ("temporarily_unavailable", 503, Unavailable),
    ],
)
def test_the_oauth_host_is_judged_by_the_key_error(code, http, kind):
    assert type(raised(oauth_refusal(code, http))) is kind


@pytest.mark.parametrize("answer", [refusal("TOO_MANY_REQUESTS", 429), reply(b"", 429)])
def test_a_used_up_day_ends_at_midnight_utc(answer):
    """R-F5"""
    with time_machine.travel(datetime(2026, 11, 21, 20, tzinfo=UTC), tick=False):
        error = raised(answer)
    assert isinstance(error, RateLimited)
    assert error.until == datetime(2026, 11, 22, tzinfo=UTC)


def test_a_time_that_linkedin_names_comes_first():
    error = raised(reply({"code": "TOO_MANY_REQUESTS"}, 429, retry_after="90"))
    assert isinstance(error, RateLimited)
    assert error.until - clock.now() <= timedelta(seconds=90)


def test_a_permission_is_named():
    error = raised(refusal("ACCESS_DENIED", 403))
    assert isinstance(error, PermissionMissing)
    assert error.names == ("w_member_social",)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
def test_something_between_linkedin_and_us_ends_nothing(status):
    """A page, or an object of somebody else's, says nothing of tokens and roles."""
    for body in (b"<html>", b"[]", b'{"odd": 1}'):
        assert type(raised(reply(body, status))) is Unavailable


def test_an_empty_body_is_a_good_answer():
    """Of revoking and of posting."""
    assert value_of(reply(b"")) == {}
    assert value_of(reply({"a": 1})) == {"a": 1}


def test_every_row_says_something_plain():
    for fault in (*ROWS.values(), *BY_NUMBER.values(), *BY_STATUS.values()):
        assert len(fault.words) > 20
        assert fault.words.endswith(".")
