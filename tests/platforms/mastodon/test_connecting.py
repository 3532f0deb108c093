"""Mastodon: registered at each server, old ones and new ones, moves, and liars."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from core.http import NotSent
from platforms import clock
from platforms.errors import (
    AuthExpired,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.mastodon.permissions import SCOPES
from platforms.types import Grant, Redirect
from tests.platforms.fakes import FakeHttp, reply
from tests.platforms.mastodon.world import (
    ACCESS,
    APP_SECRET,
    HOST,
    PROFILE,
    SECRET,
    TOKEN,
    account,
    app,
    granted,
    instance,
    mastodon,
    refusal,
    visit,
    world,
)


def begun(http: FakeHttp | None = None, **facts: object) -> Redirect:
    redirect = mastodon(http).begin(visit(**facts))  # type: ignore[arg-type]
    assert isinstance(redirect, Redirect)
    return redirect


def query_of(redirect: Redirect) -> dict[str, str]:
    parts = urlsplit(redirect.url)
    assert f"{parts.netloc}{parts.path}" == f"{HOST}/oauth/authorize"
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def finished(http: FakeHttp | None = None, **secret: str) -> Grant:
    kept = {**SECRET, **secret}
    return mastodon(http).finish(visit(), kept, {"code": "code-1"})


# There


def test_the_server_registers_us_for_this_way_back():
    http = world()
    begun(http)
    (sent,) = http.to("/api/v1/apps")
    assert sent.form["redirect_uris"] == visit().redirect_uri
    assert sent.form["scopes"] == " ".join(SCOPES)


def test_the_address_has_pkce_and_blanks_between_scopes():
    redirect = begun()
    asked = query_of(redirect)
    digest = hashlib.sha256(redirect.secret["verifier"].encode()).digest()
    assert asked["code_challenge"] == urlsafe_b64encode(digest).decode().rstrip("=")
    assert asked["scope"] == " ".join(SCOPES)
    assert (asked["client_id"], asked["state"]) == ("CIapp", "state-1")


def test_the_apps_secret_never_stands_in_the_address():
    """R-D2"""
    redirect = begun()
    assert APP_SECRET not in redirect.url
    assert redirect.secret["client_secret"] == APP_SECRET


def test_reviewing_lets_the_person_choose_anew():
    assert query_of(begun(again=True))["force_login"] == "true"
    assert "force_login" not in query_of(begun())


def test_an_older_server_is_asked_for_the_older_scope():
    """Sheet case 2: `profile` makes it refuse the whole registration."""
    words = "Validation failed: Scopes doesn't match configured on the server."
    http = world().on("POST", "/api/v1/apps", refusal(422, words), app())
    redirect = begun(http)
    assert query_of(redirect)["scope"].split()[0] == "read:accounts"
    assert len(http.to("/api/v1/apps")) == 2


def test_a_server_before_four_is_known_by_its_first_version():
    http = world().on("GET", "/api/v2/instance", refusal(404))
    http.on("GET", "/api/v1/instance", reply({"uri": HOST, "version": "3.5.19"}))
    assert begun(http).secret["version"] == "3.5.19"


def test_a_server_that_lies_elsewhere_is_followed():
    move = reply(b"", 301, location=f"https://{HOST}/api/v2/instance")
    http = world().on("GET", "^fjord.example", move)
    assert begun(http, server="fjord.example").secret["host"] == HOST


@pytest.mark.parametrize(
    "place",
    [
        "http://mastodon.example/",
        "https://127.0.0.1/",
        "https://mastodon.example:8443/",
        "/relative",
        "",
    ],
)
def test_a_move_to_nowhere_good_is_refused(place):
    """Each move is judged like what a person types."""
    move = reply(b"", 302, location=place)
    http = world().on("GET", "^fjord.example", move)
    with pytest.raises(Rejected):
        begun(http, server="fjord.example")
    assert len(http.sent) == 1


def test_moving_in_circles_ends():
    move = reply(b"", 302, location="https://fjord.example/")
    http = world().on("GET", "^fjord.example", move)
    with pytest.raises(Rejected, match="no Mastodon server"):
        begun(http, server="fjord.example")
    assert len(http.sent) == 3


@pytest.mark.parametrize(
    "answer", [refusal(403), reply({}), reply({"version": 4}), reply([])]
)
def test_what_is_no_mastodon_is_told_beside_the_field(answer):
    http = world().on("GET", "/api/v2/instance", answer)
    with pytest.raises(Rejected, match="no Mastodon server") as caught:
        begun(http)
    assert caught.value.field == "server"


@pytest.mark.parametrize("answer", [NotSent("ConnectionError"), refusal(502)])
def test_silence_is_told_beside_the_field(answer):
    """A mistyped name and a server that is down look alike."""
    http = world().on("GET", "/api/v2/instance", answer)
    with pytest.raises(Rejected, match=f"{HOST} doesn't answer") as caught:
        begun(http)
    assert caught.value.field == "server"


def test_time_and_size_are_bounded():
    http = world()
    finished(http)
    begun(http)
    assert {
        sent.parts["max_body"] for sent in http.sent if "max_body" in sent.parts
    } <= {1_000_000}


# Back


def test_the_account_is_known_by_its_server():
    """Two servers may give the same id."""
    (identity,) = finished().identities
    assert identity.external_id == f"109@{HOST}"
    assert identity.handle == f"ada@{HOST}"
    assert identity.name == "Ada Lind"
    assert identity.token is not None
    assert identity.token.access == ACCESS
    assert identity.token.expires_at is None


def test_names_may_end_in_the_domain_above_the_server():
    http = world().on("GET", "/api/v2/instance", instance(domain="example"))
    assert begun(http).secret["domain"] == "example"


def test_a_server_cant_claim_another_ones_names():
    """A liar would look like an account at mastodon.social."""
    http = world().on("GET", "/api/v2/instance", instance(domain="mastodon.social"))
    assert begun(http).secret["domain"] == HOST


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        (SCOPES, set()),
        (("read:accounts", *SCOPES[1:]), set()),
        (("read", "write"), set()),
        (("profile", "write:statuses"), {"write:media", "read:statuses"}),
    ],
)
def test_granted_scopes_are_compared_under_all_their_names(scopes, missing):
    """R-C4"""
    grant = finished(world().on("POST", "/oauth/token", granted(*scopes)))
    assert set(SCOPES) - set(grant.granted) == missing


def test_a_server_that_sends_an_end_is_believed():
    http = world().on("POST", "/oauth/token", granted(expires_in=3_600))
    token = finished(http).token
    assert token.expires_at is not None
    assert token.expires_at - clock.now() <= timedelta(hours=1)


@pytest.mark.parametrize("status", [400, 401])
def test_a_used_code_is_told_in_words(status):
    http = world().on("POST", "/oauth/token", refusal(status, "invalid_grant"))
    with pytest.raises(Rejected, match="start again"):
        finished(http)


def test_declining_is_told_in_words():
    with pytest.raises(Rejected, match="didn't allow"):
        mastodon().finish(visit(), SECRET, {"error": "access_denied"})


@pytest.mark.parametrize("facts", [{"id": 109}, {"id": "1" * 3_000}, {"username": ""}])
def test_an_account_of_nonsense_is_no_account(facts):
    http = world().on("GET", "verify_credentials", account(**facts))
    with pytest.raises(Unavailable):
        finished(http)


# Afterwards


def test_a_living_token_keeps_its_rights():
    assert mastodon().inspect(TOKEN, PROFILE).granted == SCOPES


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (401, "The access token was revoked", AuthExpired),
        (403, "Your login is currently disabled", AuthExpired),
        (403, "Your login is missing a confirmed e-mail address", AuthExpired),
        (403, "This action is outside the authorized scopes", PermissionMissing),
        (403, "This action is not allowed", Rejected),
        (404, "Record not found", Rejected),
        (429, "Too many requests", RateLimited),
        (500, "", Unavailable),
        (503, "Remote data could not be fetched", Unavailable),
    ],
)
def test_refusals_mean_what_the_sheet_says(status, text, kind):
    """R-D8, R-F5"""
    http = world().on("GET", "verify_credentials", refusal(status, text))
    with pytest.raises(PlatformError) as caught:
        mastodon(http).inspect(TOKEN, PROFILE)
    assert isinstance(caught.value, kind)


@pytest.mark.parametrize("unix", [True, False])
def test_a_pause_ends_when_the_server_says(unix):
    """A date, or with some servers Unix seconds."""
    at = clock.now() + timedelta(minutes=4)
    told = str(int(at.timestamp())) if unix else at.isoformat()
    answer = refusal(429, "Too many requests", x_ratelimit_reset=told)
    http = world().on("GET", "verify_credentials", answer)
    with pytest.raises(RateLimited) as caught:
        mastodon(http).inspect(TOKEN, PROFILE)
    assert abs(caught.value.until - at) < timedelta(seconds=5)


def test_revoking_names_our_registration():
    """R-D8"""
    http = world()
    mastodon(http).revoke(TOKEN, PROFILE)
    assert http.last.form == {
        "client_id": "CIapp",
        "client_secret": APP_SECRET,
        "token": ACCESS,
    }


def test_it_needs_no_keys_of_the_operator():
    adapter = mastodon()
    assert adapter.offered() == adapter.methods
    assert (adapter.publishes, adapter.auto_publish) == (False, True)
