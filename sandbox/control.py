"""The control API under /_/api/: JSON in, JSON out."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox.callbacks import deliver
from sandbox.faults import BadRule
from sandbox.settings import UnknownSetting
from sandbox.state import Identity
from sandbox.world import World

WORLD = web.AppKey("world", World)
API = "/_/api"

JsonHandler = Callable[[web.Request, World], Awaitable[Any]]


def api(handler: JsonHandler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Answers what the handler returns; a wrong wish is 400, a wrong name 404."""

    async def answer(request: web.Request) -> web.Response:
        try:
            return web.json_response(await handler(request, request.app[WORLD]))
        except KeyError as error:
            return web.json_response({"error": str(error.args[0])}, status=404)
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return answer


async def sent(request: web.Request) -> dict[str, Any]:
    """The body's JSON object; TypeError if it is none."""
    body = await request.json()
    if not isinstance(body, dict):
        raise TypeError("The body must be a JSON object.")
    return body


def named(body: dict[str, Any], name: str) -> Any:
    if name not in body:
        raise ValueError(f"{name} is missing.")
    return body[name]


async def health(request: web.Request, world: World) -> Any:
    return {"ok": True, "pid": os.getpid(), "platforms": list(world.doubles)}


async def steps(request: web.Request, world: World) -> Any:
    """The operation names each platform documents for faults and calls."""
    return {key: list(double.steps) for key, double in world.doubles.items()}


async def ledger(request: web.Request, world: World) -> Any:
    query = request.query
    return world.ledger.find(
        query.get("platform", ""), query.get("profile", ""), query.get("since", "")
    )


async def clear_ledger(request: web.Request, world: World) -> Any:
    world.ledger.clear()
    return {"ok": True}


async def calls(request: web.Request, world: World) -> Any:
    query = request.query
    return world.calls.find(
        query.get("platform", ""), query.get("step", ""), query.get("profile", "")
    )


async def clear_calls(request: web.Request, world: World) -> Any:
    world.calls.clear()
    return {"ok": True}


async def reset(request: web.Request, world: World) -> Any:
    await world.reset()
    return {"ok": True}


async def faults(request: web.Request, world: World) -> Any:
    return world.faults.all()


async def add_fault(request: web.Request, world: World) -> Any:
    rule = await sent(request)
    platform = rule.get("platform", "*")
    if platform != "*":
        check_step(world, platform, rule.get("step", "*"))
    return asdict(world.faults.add(rule))


def check_step(world: World, platform: str, step: str) -> None:
    """A rule for a step nobody calls would never fire, so it is refused."""
    known = world.double(platform).steps
    if step != "*" and known and step not in known:
        raise BadRule(f"{platform} has no step {step}; it has {', '.join(known)}.")


async def clear_faults(request: web.Request, world: World) -> Any:
    """All, or the one named by ?id=."""
    if "id" in request.query:
        return {"ok": world.faults.remove(int(request.query["id"]))}
    world.faults.clear()
    return {"ok": True}


async def settings(request: web.Request, world: World) -> Any:
    return world.settings.all()


async def change_settings(request: web.Request, world: World) -> Any:
    try:
        world.settings.update(await sent(request))
    except UnknownSetting as error:
        raise ValueError(str(error)) from error
    return world.settings.all()


async def identities(request: web.Request, world: World) -> Any:
    platform = request.query.get("platform", "")
    return [
        asdict(identity)
        for identity in world.state.identities.values()
        if not platform or identity.platform == platform
    ]


async def add_identities(request: web.Request, world: World) -> Any:
    """One object or a list of them; the answer has the same shape."""
    body = await request.json()
    if isinstance(body, list):
        return [asdict(add_identity(world, wish)) for wish in body]
    return asdict(add_identity(world, body))


def add_identity(world: World, wish: dict[str, Any]) -> Identity:
    double = world.double(str(named(wish, "platform")))
    return world.state.add_identity(double.identity_from(wish))


async def mint(request: web.Request, world: World) -> Any:
    """One object or a list of them."""
    body = await request.json()
    if isinstance(body, list):
        return [mint_one(world, wish) for wish in body]
    return mint_one(world, body)


def mint_one(world: World, wish: dict[str, Any]) -> dict[str, Any]:
    identity = wanted(world, wish)
    return world.double(identity.platform).mint(identity, wish)


def wanted(world: World, body: dict[str, Any]) -> Identity:
    """The identity a body names by `platform` and `identity` (id or handle)."""
    return world.identity(str(named(body, "platform")), str(named(body, "identity")))


async def revoke(request: web.Request, world: World) -> Any:
    body = await sent(request)
    identity = wanted(world, body)
    reason = str(body.get("reason") or "revoked")
    return {"tokens": world.double(identity.platform).revoke(identity, reason)}


async def expire(request: web.Request, world: World) -> Any:
    identity = wanted(world, await sent(request))
    return {"tokens": world.double(identity.platform).expire(identity)}


async def permissions(request: web.Request, world: World) -> Any:
    body = await sent(request)
    identity = wanted(world, body)
    names = [str(name) for name in named(body, "remove")]
    double = world.double(identity.platform)
    return {"tokens": double.remove_permissions(identity, names)}


async def call_back(request: web.Request, world: World) -> Any:
    """The platform posts to the address `to`, `times` times over."""
    body = await sent(request)
    identity = wanted(world, body)
    outgoing = world.double(identity.platform).callback(identity, body)
    return await deliver(str(named(body, "to")), outgoing, int(body.get("times") or 1))


async def quota(request: web.Request, world: World) -> Any:
    identity = wanted(world, dict(request.query))
    return world.double(identity.platform).quota(identity)


async def set_quota(request: web.Request, world: World) -> Any:
    body = await sent(request)
    identity = wanted(world, body)
    double = world.double(identity.platform)
    double.set_quota(identity, body)
    return double.quota(identity)


async def post_directly(request: web.Request, world: World) -> Any:
    body = await sent(request)
    identity = wanted(world, body)
    return world.double(identity.platform).post_directly(identity, body)


def routes() -> list[web.RouteDef]:
    return [
        web.get(f"{API}/health", api(health)),
        web.get(f"{API}/steps", api(steps)),
        web.get(f"{API}/ledger", api(ledger)),
        web.delete(f"{API}/ledger", api(clear_ledger)),
        web.get(f"{API}/calls", api(calls)),
        web.delete(f"{API}/calls", api(clear_calls)),
        web.post(f"{API}/reset", api(reset)),
        web.get(f"{API}/faults", api(faults)),
        web.post(f"{API}/faults", api(add_fault)),
        web.delete(f"{API}/faults", api(clear_faults)),
        web.get(f"{API}/settings", api(settings)),
        web.post(f"{API}/settings", api(change_settings)),
        web.get(f"{API}/identities", api(identities)),
        web.post(f"{API}/identities", api(add_identities)),
        web.post(f"{API}/tokens", api(mint)),
        web.post(f"{API}/tokens/revoke", api(revoke)),
        web.post(f"{API}/tokens/expire", api(expire)),
        web.post(f"{API}/permissions", api(permissions)),
        web.post(f"{API}/callbacks", api(call_back)),
        web.get(f"{API}/quota", api(quota)),
        web.post(f"{API}/quota", api(set_quota)),
        web.post(f"{API}/posts", api(post_directly)),
    ]
