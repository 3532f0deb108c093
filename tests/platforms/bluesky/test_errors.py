"""Their errors in terms of ours, keyed on the name and not on the status."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from platforms import clock
from platforms.bluesky.errors import TABLE, judge, words
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from tests.platforms.fakes import reply
from tests.platforms.faults import HTML

# Section 6 of the fact sheet: HTTP status, error, our class.
SHEET: list[tuple[int, str, type[PlatformError]]] = [
    (400, "ExpiredToken", AuthExpired),
    (400, "InvalidToken", AuthExpired),
    (401, "AuthMissing", Rejected),
    (401, "AuthenticationRequired", AuthExpired),
    (401, "AuthFactorTokenRequired", AuthExpired),
    (401, "invalid_token", AuthExpired),
    (401, "AccountTakedown", AuthExpired),
    (401, "AccountDeactivated", AuthExpired),
    (403, "AccountNotFound", Rejected),
    (403, "ScopeMissingError", PermissionMissing),
    (400, "invalid_grant", AuthExpired),
    (400, "InvalidRequest", Rejected),
    (400, "BlobNotFound", Rejected),
    (400, "InvalidSwap", OutcomeUnknown),
    (400, "RecordNotFound", Rejected),
    (400, "BlobTooLarge", Rejected),
    (413, "PayloadTooLarge", Rejected),
    (500, "InternalServerError", Unavailable),
    (502, "UpstreamFailure", Unavailable),
    (504, "UpstreamTimeout", Unavailable),
    (503, "", Unavailable),
    (429, "RateLimitExceeded", RateLimited),
    (501, "MethodNotImplemented", Unsupported),
    (404, "", Unsupported),
    (401, "", AuthExpired),
    (302, "", Rejected),
]


def error(body: Any, status: int, *, mutating: bool = False, **headers: str) -> Any:
    with pytest.raises(PlatformError) as raised:
        judge(reply(body, status, **headers), mutating=mutating)
    return raised.value


@pytest.mark.parametrize(("status", "name", "ours"), SHEET)
def test_the_fact_sheets_table(
    status: int, name: str, ours: type[PlatformError]
) -> None:
    body = {"error": name, "message": "Words"} if name else {}
    found = error(body, status)
    assert type(found) is ours
    assert found.status == status or ours is RateLimited
    assert found.message


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("name", ["InternalServerError", "UpstreamTimeout", ""])
def test_no_write_that_failed_inside_is_called_unsent(status: int, name: str) -> None:
    """R-F3: a used key is answered with a bare 500, a gateway may give up too early."""
    assert type(error({"error": name}, status, mutating=True)) is OutcomeUnknown


def test_every_row_of_the_table_makes_an_error_with_words() -> None:
    for name, make in TABLE.items():
        made = make({"status": 400, "code": name, "details": ""})
        assert isinstance(made, PlatformError)
        assert len(made.message) > 15, name
        assert made.code == name


def test_what_is_missing_is_named() -> None:
    """R-C4"""
    found = error({"error": "ScopeMissingError", "message": "Missing scope"}, 403)
    assert found.names == ("transition:generic",)


def test_a_challenge_names_the_error_when_the_body_doesnt() -> None:
    header = 'DPoP algs="ES256", error="invalid_token", error_description="x"'
    found = error({}, 401, www_authenticate=header)
    assert (type(found), found.code) == (AuthExpired, "invalid_token")


def test_their_words_are_kept_beside_ours() -> None:
    """R-F4: the platform's own message is one click away."""
    said = "Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got 301)"
    found = error({"error": "InvalidRequest", "message": said}, 400)
    assert found.details == f"InvalidRequest: {said}"


def test_echoed_secrets_are_masked() -> None:
    """R-D2"""
    said = "abcd-efgh-ijkl-mnop ref-0123456789 cod-0123456789 DPoP abcdefghijkl"
    assert words(reply({"error": "x", "message": said})) == "x: *** *** *** DPoP ***"


def test_pages_have_no_words() -> None:
    assert words(reply(HTML, 502)) == ""


def test_the_reset_time_is_obeyed() -> None:
    """R-F5"""
    reset = int(clock.now().timestamp()) + 250
    found = error({}, 429, ratelimit_reset=str(reset), retry_after="9")
    assert found.until == datetime.fromtimestamp(reset, tz=UTC)


@pytest.mark.parametrize("reset", ["99999999999", "1", "soon", "²", "-5", ""])
def test_a_senseless_reset_time_neither_parks_nor_hurries(reset: str) -> None:
    """The server may be anyone's."""
    found = error({}, 429, ratelimit_reset=reset)
    assert 0 < -clock.since(found.until) <= 86_400


@pytest.mark.parametrize(
    ("policy", "scope"),
    [("3000;w=300", "app"), ("5000;w=3600", "profile"), ("", "profile")],
)
def test_limits_by_address_slow_everybody_others_one_profile(
    policy: str, scope: str
) -> None:
    found = error({}, 429, ratelimit_policy=policy)
    assert found.scope == scope
