"""Our registration at a server: kept, tried before it is used, made anew when gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from platforms.errors import Rejected, Unavailable
from platforms.mastodon.permissions import SCOPES
from platforms.registrations import Registration
from platforms.types import Redirect
from tests.platforms.fakes import FakeHttp, reply
from tests.platforms.mastodon.world import (
    APP_SECRET,
    HOST,
    SECRET,
    mastodon,
    refusal,
    visit,
    world,
)

KEPT = {
    "client_id": "CIkept",
    "client_secret": "canary-kept-secret",
    "scopes": " ".join(SCOPES),
}


class Shelf:
    """One registration in memory, as the product keeps it."""

    def __init__(self, found: Registration | None = None) -> None:
        self.found = found
        self.terms: list[str] = []
        self.stale = ""

    def kept(self, server: str, terms: str) -> Registration | None:
        assert server == HOST
        self.terms.append(terms)
        return self.found

    def renew(
        self,
        server: str,
        terms: str,
        make: Callable[[], Registration],
        *,
        stale: str = "",
    ) -> Registration:
        self.found, self.stale = make(), stale
        return self.found


def begun(http: FakeHttp, shelf: Shelf) -> Redirect:
    redirect = mastodon(http).begin(visit(registrations=shelf))
    assert isinstance(redirect, Redirect)
    return redirect


def test_the_first_sign_in_registers_and_keeps_it():
    http, shelf = world(), Shelf()
    redirect = begun(http, shelf)
    assert shelf.found == {**KEPT, "client_id": "CIapp", "client_secret": APP_SECRET}
    assert redirect.secret["client_id"] == "CIapp"
    assert http.to("/oauth/token") == []


def test_the_next_one_uses_it_without_registering():
    http = world()
    assert begun(http, Shelf(KEPT)).secret["client_id"] == "CIkept"
    (asked,) = http.to("/oauth/token")
    assert asked.form["grant_type"] == "client_credentials"
    assert http.to("/api/v1/apps") == []


def test_a_registration_the_server_cleared_away_is_made_anew():
    """Sheet 2.1: old servers delete apps."""
    http = world().on("POST", "/oauth/token", refusal(401, "invalid_client"))
    shelf = Shelf(KEPT)
    assert begun(http, shelf).secret["client_id"] == "CIapp"
    assert shelf.stale == "CIkept"


@pytest.mark.parametrize(
    "answer", [refusal(400, "unsupported_grant_type"), reply(b"<html>", 500)]
)
def test_what_says_nothing_of_the_app_leaves_it_standing(answer):
    """Other software with the same API needn't know this question."""
    http = world().on("POST", "/oauth/token", answer)
    assert begun(http, Shelf(KEPT)).secret["client_id"] == "CIkept"


def test_a_registration_is_bound_to_way_back_and_scopes():
    shelf = Shelf(KEPT)
    begun(world(), shelf)
    assert shelf.terms == [" ".join((visit().redirect_uri, *SCOPES))]


def test_the_scopes_it_was_made_for_are_asked_for():
    older = "read:accounts write:statuses"
    assert (
        "scope=read%3Aaccounts+" in begun(world(), Shelf({**KEPT, "scopes": older})).url
    )


def test_an_app_that_went_while_the_person_was_away_is_told():
    http = world().on("POST", "/oauth/token", refusal(401, "invalid_client"))
    with pytest.raises(Rejected, match="no longer knows this installation"):
        mastodon(http).finish(visit(), SECRET, {"code": "code-1"})


def test_a_server_that_dies_at_the_question_is_told():
    http = world().on("POST", "/oauth/token", reply(b"", 200))
    http.on("POST", "/api/v1/apps", refusal(503))
    with pytest.raises(Unavailable):
        begun(http, Shelf())
