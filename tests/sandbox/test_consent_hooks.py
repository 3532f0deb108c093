"""What a platform can change about the shared consent page and its codes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from sandbox.double import Double, Route
from sandbox.oauth import Consent, Decision, Request, redeem
from sandbox.server import build
from sandbox.world import World

BACK = "https://app.example.test/back"
PATH = "/login.star.test/authorize"
HOUR = 3600
T = TypeVar("T")


class Star(Double):
    key = "star"
    title = "Star sandbox"
    hosts = ("login.star.test",)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.consent = Consent(
            double=self,
            title=self.title,
            denied={"error": "no"},
            granted={"iss": "https://star.test"},
            required=frozenset({"base"}),
            request_of=self.pushed,
            extra_of=lambda query: {"challenge": query["challenge"]},
            settle=self.settle,
        )

    def routes(self) -> list[Route]:
        return [
            Route("GET", "/authorize", "authorize", self.consent.show),
            Route("POST", "/authorize", "authorize", self.consent.decide),
        ]

    def pushed(self, query: dict[str, str]) -> Request:
        """As with a pushed request: the query holds little."""
        return Request("app-1", BACK, ["base", "write", "chat"], query["id"])

    def settle(self, decision: Decision) -> list[str]:
        return [scope for scope in decision.ticked if scope != "chat"]

    def seed(self) -> None:
        self.state.add_identity(self.identity_from({"handle": "tom"}))


async def decide(world: World, **form: object) -> ClientResponse:
    query = {"id": "77", "challenge": "abc"}
    async with TestClient(TestServer(build(world))) as client:
        return await client.post(PATH, params=query, data=form, allow_redirects=False)


@pytest.fixture
def world() -> World:
    world = World([Star])
    world.doubles["star"].seed()
    return world


async def allow(world: World, **form: object) -> str:
    choice = {"identity": "tom", "decision": "allow"}
    return (await decide(world, **choice, **form)).headers["Location"]


def run(work: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: the browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_a_platform_s_own_request_and_answers(world):
    place = run(allow(world, scope="write"))
    assert place.startswith(BACK + "?code=")
    assert "iss=https%3A%2F%2Fstar.test" in place
    assert place.endswith("state=77")


def test_required_scopes_cannot_be_left_out_and_settle_has_the_last_word(world):
    run(allow(world, scope="chat"))
    [code] = world.state.codes.values()
    assert code.scopes == ["base"]
    assert code.extra == {"challenge": "abc", "assets": []}


def test_refusal_in_the_platform_s_words(world):
    answer = run(decide(world, decision="cancel"))
    assert answer.headers["Location"] == f"{BACK}?error=no&state=77"


@pytest.mark.parametrize(
    ("app", "place", "good"),
    [("app-1", BACK, True), ("app-2", BACK, False), ("app-1", BACK + "/", False)],
)
def test_a_code_is_redeemed_by_its_app_at_its_address(world, app, place, good):
    run(allow(world))
    [code] = world.state.codes.values()
    star = world.doubles["star"]
    assert (redeem(star, code.value, app, place) is code) is good
    assert code.used is good
    assert redeem(star, code.value, app, place) is None


def test_a_code_ends_after_an_hour(world):
    run(allow(world))
    [code] = world.state.codes.values()
    world.settings.update({"clock_offset_s": HOUR + 1})
    assert redeem(world.doubles["star"], code.value, "app-1", BACK) is None
