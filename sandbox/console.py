"""The control page at /_/: posts, calls, faults, identities, settings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.control import WORLD, add_identity, check_step
from sandbox.faults import KINDS
from sandbox.pages import render
from sandbox.world import World

POSTS_SHOWN = 200
CALLS_SHOWN = 200
NAV = (
    ("posts", "/_/", "Posts"),
    ("calls", "/_/calls", "Calls"),
    ("faults", "/_/faults", "Faults"),
    ("identities", "/_/identities", "Identities"),
    ("settings", "/_/settings", "Settings"),
)
NUMBERS = ("delay_ms", "status", "retry_after")

Form = dict[str, str]


def show(world: World, page: str, **values: Any) -> web.Response:
    text = render(
        f"console/{page}.html",
        page=page,
        nav=NAV,
        world=world,
        platforms=list(world.doubles.values()),
        active_faults=len(world.faults.rules),
        **values,
    )
    return web.Response(text=text, content_type="text/html")


async def posts(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    platform = request.query.get("platform", "")
    rows = world.ledger.find(platform=platform)
    shown = rows[-POSTS_SHOWN:][::-1]
    for row in shown:
        identity = world.state.identity(row["platform"], row["profile"])
        row["handle"] = identity.handle if identity else row["profile"]
        row["place"] = place(row["permalink"])
    counts = Counter(row["platform"] for row in world.ledger.find())
    return show(
        world, "posts", rows=shown, total=len(rows), counts=counts, chosen=platform
    )


def place(permalink: str) -> str:
    """A platform's address as the sandbox serves it to a browser."""
    return "/" + permalink.removeprefix("https://") if permalink else ""


async def calls(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    rows = world.calls.find(platform=request.query.get("platform", ""))
    return show(world, "calls", rows=rows[-CALLS_SHOWN:][::-1], total=len(rows))


async def faults(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    return show(world, "faults", rules=world.faults.all(), kinds=KINDS, problem="")


async def add_fault(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    form = await sent(request)
    try:
        rule = fault_rule(form)
        if rule["platform"] != "*":
            check_step(world, rule["platform"], rule["step"])
        world.faults.add(rule)
    except ValueError as error:
        rules = world.faults.all()
        return show(world, "faults", rules=rules, kinds=KINDS, problem=str(error))
    raise web.HTTPSeeOther("/_/faults")


def fault_rule(form: Form) -> dict[str, Any]:
    """A rule from the form's texts; empty fields keep the rule's defaults."""
    rule: dict[str, Any] = {"kind": form.get("kind", "")}
    rule["platform"], _, step = form.get("where", "*").partition("/")
    rule["step"] = step or "*"
    rule["profile"] = form.get("profile", "").strip()
    rule["times"] = int(form["times"]) if form.get("times", "").strip() else None
    for name in NUMBERS:
        if form.get(name, "").strip():
            rule[name] = int(form[name])
    if form.get("detail", "").strip():
        rule["detail"] = json.loads(form["detail"])
    return rule


async def remove_fault(request: web.Request) -> web.Response:
    form = await sent(request)
    request.app[WORLD].faults.remove(int(form.get("id", "0")))
    raise web.HTTPSeeOther("/_/faults")


async def identities(request: web.Request) -> web.Response:
    return show_identities(request.app[WORLD], "")


def show_identities(world: World, problem: str) -> web.Response:
    groups = [
        (double, world.state.identities_of(double.key))
        for double in world.doubles.values()
    ]
    return show(world, "identities", groups=groups, problem=problem)


async def new_identity(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    form = await sent(request)
    wish = {name: text for name, text in form.items() if text.strip()}
    try:
        add_identity(world, wish)
    except (ValueError, KeyError, TypeError) as error:
        return show_identities(world, str(error.args[0]))
    raise web.HTTPSeeOther("/_/identities")


async def settings(request: web.Request) -> web.Response:
    return show_settings(request.app[WORLD], "")


def show_settings(world: World, problem: str) -> web.Response:
    groups: dict[str, dict[str, Any]] = {}
    for name, value in world.settings.all().items():
        platform, _, switch = name.rpartition(".")
        groups.setdefault(platform, {})[switch] = (name, value)
    return show(world, "settings", groups=groups, problem=problem)


async def change_settings(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    form = await sent(request)
    try:
        world.settings.update(typed(world, form))
    except ValueError as error:
        return show_settings(world, str(error))
    raise web.HTTPSeeOther("/_/settings")


def typed(world: World, form: Form) -> dict[str, Any]:
    """Form texts as values of the settings' types; an unticked box is absent."""
    changes: dict[str, Any] = {}
    for name, value in world.settings.all().items():
        if isinstance(value, bool):
            changes[name] = name in form
        elif name in form:
            changes[name] = type(value)(form[name])
    return changes


async def ask_reset(request: web.Request) -> web.Response:
    return show(request.app[WORLD], "reset")


async def reset(request: web.Request) -> web.Response:
    await request.app[WORLD].reset()
    raise web.HTTPSeeOther("/_/")


async def thumbnail(request: web.Request) -> web.Response:
    small = request.app[WORLD].thumbnails.get(request.match_info["sha256"])
    if small is None:
        raise web.HTTPNotFound
    headers = {"Cache-Control": "max-age=86400, immutable"}
    return web.Response(body=small, content_type="image/jpeg", headers=headers)


async def front_door(request: web.Request) -> web.Response:
    raise web.HTTPSeeOther("/_/")


async def sent(request: web.Request) -> Form:
    return {name: str(value) for name, value in (await request.post()).items()}


Page = Callable[[web.Request], Awaitable[web.Response]]


def routes() -> list[web.RouteDef]:
    table: list[tuple[str, Page, Page | None]] = [
        ("/_/", posts, None),
        ("/_/calls", calls, None),
        ("/_/faults", faults, add_fault),
        ("/_/identities", identities, new_identity),
        ("/_/settings", settings, change_settings),
        ("/_/reset", ask_reset, reset),
    ]
    found = [web.get(path, page) for path, page, _ in table]
    found += [web.post(path, action) for path, _, action in table if action]
    found += [web.get(path, front_door) for path in ("/", "/_")]
    found.append(web.post("/_/faults/remove", remove_fault))
    found.append(web.get("/_/thumbnails/{sha256}", thumbnail))
    return found
