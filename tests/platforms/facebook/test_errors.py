"""Facebook's refusals, by code and subcode as its fact sheet lists them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from platforms import clock
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.facebook.errors import NAME, ROWS
from platforms.meta.errors import Judge
from tests.platforms.facebook.world import POSTS
from tests.platforms.fakes import reply


def raised(
    code: int, subcode: int = 0, *, mutating: bool = False, status: int = 400
) -> PlatformError:
    error = {"code": code, "message": "Told in another language."}
    if subcode:
        error["error_subcode"] = subcode
    judge = Judge(NAME, ROWS, (POSTS,))
    with pytest.raises(PlatformError) as caught:
        judge.value_of(reply({"error": error}, status), mutating=mutating)
    return caught.value


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (1, 0, Unavailable),
        (4, 0, RateLimited),
        (32, 0, RateLimited),
        (368, 0, RateLimited),
        (613, 1996, RateLimited),
        (80001, 0, RateLimited),
        (1, 1390008, RateLimited),
        (3, 0, PermissionMissing),
        (200, 0, PermissionMissing),
        (283, 0, PermissionMissing),
        (100, 0, Rejected),
        (102, 0, AuthExpired),
        (190, 460, AuthExpired),
        (190, 492, AuthExpired),
        (506, 0, Rejected),
        (1609005, 0, Unavailable),
        (9004, 0, Unavailable),
        (100, 1609008, Rejected),
        (1, 1366046, Rejected),
        (1, 1346003, Rejected),
        (1, 1404078, AuthExpired),
        (1, 4854002, AuthExpired),
        (1, 1404112, AuthExpired),
        (1, 1363128, Rejected),
        (1, 1363047, Unavailable),
        (1, 2069019, Rejected),
    ],
)
def test_a_refusal_means_what_the_sheet_says(code, subcode, kind):
    """R-F5"""
    error = raised(code, subcode)
    assert isinstance(error, kind)
    assert NAME in error.message or "profile" in error.message or error.message


@pytest.mark.parametrize(
    ("code", "subcode"), [(1, 0), (2, 0), (506, 0), (1, 1366051), (1, 1363047)]
)
def test_what_may_be_live_is_looked_for(code, subcode):
    """R-F3: from a call that publishes."""
    assert isinstance(raised(code, subcode, mutating=True), OutcomeUnknown)


def test_posting_too_fast_pauses_an_hour_or_more():
    error = raised(1, 1390008)
    assert isinstance(error, RateLimited)
    assert error.until - clock.now() > timedelta(minutes=59)


def test_a_missing_permission_is_named():
    error = raised(200)
    assert isinstance(error, PermissionMissing)
    assert error.names == (POSTS,)


def test_an_error_with_status_200_is_an_error():
    assert isinstance(raised(190, 458, status=200), AuthExpired)


def test_every_row_says_something_plain():
    for fault in ROWS.values():
        assert len(fault.words) > 20
        assert fault.words.endswith(".")
