"""Which double answers what, and how a double plugs into a world."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from sandbox.double import Call, Double, Route
from sandbox.registry import load
from sandbox.server import Router
from sandbox.world import World


async def answer(call: Call) -> web.StreamResponse:
    return web.Response(text=call.step)


async def step_of_body(call: Call) -> str:
    return "from " + call.params["name"]


class Star(Double):
    key = "star"
    title = "Star"
    hosts = ("api.star.test", "*.pods.star.test", "shared.test")
    switches = {"colour": "red"}

    def routes(self) -> list[Route]:
        only = ("api.star.test",)
        return [
            Route("GET", "/only", "only", answer, only),
            Route("*", "/any", "any", answer),
            Route("GET", "/named/{name}", step_of_body, answer),
        ]


class Moon(Double):
    key = "moon"
    title = "Moon"
    hosts = ("shared.test",)

    def routes(self) -> list[Route]:
        return [Route("GET", "/moon", "moon", answer)]


@pytest.fixture
def world() -> World:
    return World([Star, Moon])


def find(world: World, method: str, host: str, path: str) -> Any:
    call = Call(make_mocked_request(method, f"/{host}{path}"), host, path)
    match = Router(list(world.doubles.values())).find(call)
    return (match.double.key, match.route.step, call.params) if match else None


@pytest.mark.parametrize(
    ("method", "host", "path", "expected"),
    [
        ("GET", "api.star.test", "/only", ("star", "only", {})),
        ("POST", "api.star.test", "/only", None),
        ("GET", "shared.test", "/only", None),
        ("PUT", "shared.test", "/any", ("star", "any", {})),
        ("GET", "shared.test", "/moon", ("moon", "moon", {})),
        ("GET", "a.pods.star.test", "/any", ("star", "any", {})),
        ("GET", "pods.star.test", "/any", None),
        ("GET", "elsewhere.test", "/any", None),
    ],
)
def test_host_method_and_path_choose_the_route(world, method, host, path, expected):
    assert find(world, method, host, path) == expected


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("shared.test", "star"),
        ("deep.er.pods.star.test", "star"),
        ("elsewhere.test", None),
    ],
)
def test_a_host_has_an_owner_even_without_a_route(world, host, owner):
    found = Router(list(world.doubles.values())).owner(host)
    assert (found.key if found else None) == owner


def test_a_double_s_switches_carry_its_name(world):
    assert world.settings["star.colour"] == "red"
    world.settings.update({"star.colour": "blue"})
    assert world.doubles["star"].setting("colour") == "blue"


def test_a_double_without_special_hooks_says_so_plainly(world):
    star = world.doubles["star"]
    tom = world.state.add_identity(star.identity_from({"handle": "tom"}))
    assert (tom.platform, tom.kind) == ("star", "person")
    for hook in (star.mint, star.set_quota, star.post_directly):
        with pytest.raises(ValueError, match="Star"):
            hook(tom, {})


def test_the_registry_names_every_platform_once():
    keys = [double.key for double in load()]
    assert {"facebook", "instagram"} <= set(keys)
    assert len(keys) == len(set(keys))


def test_every_route_s_fixed_step_is_documented():
    """A fault on a step that is not listed is refused, so all must be."""
    for double in World(load()).doubles.values():
        fixed = {route.step for route in double.routes() if isinstance(route.step, str)}
        assert fixed <= set(double.steps), double.key
