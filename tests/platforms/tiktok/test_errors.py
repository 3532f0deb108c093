"""TikTok's codes, in both envelopes, whatever the HTTP status."""

from __future__ import annotations

from datetime import timedelta

import pytest

from platforms import clock
from platforms.errors import (
    AuthExpired,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.tiktok.errors import ROWS, value_of
from tests.platforms.fakes import reply
from tests.platforms.tiktok.world import answer, refusal, token_refusal


def raised(answered) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        value_of(answered, ("video.publish",))
    return caught.value


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("spam_risk_too_many_posts", 200, RateLimited),
        ("spam_risk_too_many_posts", 403, RateLimited),
        ("spam_risk_user_banned_from_posting", 200, AuthExpired),
        ("reached_active_user_cap", 200, RateLimited),
        ("spam_risk_too_many_pending_share", 403, RateLimited),
        (
            "unaudited_client_can_only_post_to_private_accounts",
            403,
            PermissionMissing,
        ),
        ("url_ownership_unverified", 403, Rejected),
        ("privacy_level_option_mismatch", 403, Rejected),
        ("invalid_params", 400, Rejected),
        ("invalid_file_upload", 400, Rejected),
        ("access_token_invalid", 401, AuthExpired),
        ("scope_not_authorized", 401, PermissionMissing),
        ("scope_permission_missed", 401, PermissionMissing),
        ("rate_limit_exceeded", 429, RateLimited),
        ("internal_error", 500, Unavailable),
        ("internal_error", 200, Unavailable),
        ("a_code_of_tomorrow", 400, Rejected),
        ("a_code_of_tomorrow", 403, Rejected),
        ("a_code_of_tomorrow", 401, AuthExpired),
        ("a_code_of_tomorrow", 500, Unavailable),
    ],
)
def test_the_api_is_judged_by_its_code(code, status, kind):
    """R-F5: HTTP 200 is no success."""
    error = raised(refusal(code, status))
    assert isinstance(error, kind)
    assert (error.code, error.request_id) == (code, "20261121x")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid_grant", AuthExpired),
        ("invalid_client", Rejected),
        ("invalid_request", Rejected),
        ("temporarily_unavailable", Unavailable),
    ],
)
def test_the_token_endpoint_is_judged_by_the_key_error(code, kind):
    assert isinstance(raised(token_refusal(code)), kind)


def test_the_apps_own_limit_is_the_apps():
    error = raised(refusal("reached_active_user_cap"))
    assert isinstance(error, RateLimited)
    assert error.scope == "app"
    assert error.until - clock.now() > timedelta(hours=23)


def test_ok_is_no_refusal():
    assert value_of(answer({"a": 1}))["data"] == {"a": 1}


def test_something_between_tiktok_and_us_kills_no_permission():
    """A page with 403 says nothing of scopes."""
    assert isinstance(raised(reply(b"<html>", 403)), Unavailable)


def test_every_row_says_something_plain():
    for fault in ROWS.values():
        assert len(fault.words) > 20
        assert fault.words.endswith(".")
