"""What a journey keeps sealed: the way out, then who can be chosen. JSON both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from platforms.types import Awaiting, Grant, Identity, Link, Token
from profiles.models import Journey, dump_token, load_token

_NOTHING = Token(access="")


@dataclass(frozen=True)
class Offer:
    """An identity that a sign-in can publish as, with its own token and rights."""

    identity: Identity
    token: Token
    granted: tuple[str, ...]

    @property
    def refused(self) -> str:
        return self.identity.refused


@dataclass(frozen=True)
class WayOut:
    """What the way back needs again: the typed inputs, the state, the verifier."""

    state: str
    inputs: Mapping[str, str]
    secret: Mapping[str, str]


def offers_of_grant(grant: Grant) -> list[Offer]:
    return [
        Offer(
            replace(found, token=None),
            found.token or grant.token,
            grant.granted if found.granted is None else found.granted,
        )
        for found in grant.identities
    ]


def seen_offer(identity: Identity, granted: tuple[str, ...]) -> Offer:
    """One that a bot was told of; the bot's own token is the operator's setting."""
    return Offer(replace(identity, token=None), identity.token or _NOTHING, granted)


def seal_way_out(journey: Journey, way: WayOut) -> None:
    journey.seal(
        {"state": way.state, "inputs": dict(way.inputs), "secret": dict(way.secret)}
    )


def way_out(journey: Journey) -> WayOut:
    raw = journey.unseal()
    return WayOut(raw["state"], raw["inputs"], raw["secret"])


def seal_offers(journey: Journey, offers: Iterable[Offer]) -> None:
    """Keeps what else is sealed for a bot (steps), drops state and verifier."""
    raw = journey.unseal()
    kept = {"awaiting": raw["awaiting"]} if "awaiting" in raw else {}
    journey.seal({**kept, "offers": [_dump_offer(offer) for offer in offers]})


def offers_of(journey: Journey) -> list[Offer]:
    return [_load_offer(raw) for raw in journey.unseal().get("offers", ())]


def arrived(journey: Journey) -> bool:
    """Whether the sign-in is through, so that there is something to choose from."""
    return "offers" in journey.unseal()


def seal_awaiting(journey: Journey, awaiting: Awaiting) -> None:
    links = [[link.label, link.url] for link in awaiting.links]
    steps = list(awaiting.steps)
    journey.seal({"awaiting": {"code": awaiting.code, "steps": steps, "links": links}})


def awaiting_of(journey: Journey) -> Awaiting | None:
    """None for a journey that waits in no chat."""
    raw = journey.unseal().get("awaiting")
    if raw is None:
        return None
    links = tuple(Link(label, url) for label, url in raw["links"])
    return Awaiting(raw["code"], tuple(raw["steps"]), links)


_TEXTS = (
    "external_id",
    "name",
    "handle",
    "kind",
    "role",
    "picture_url",
    "address",
    "refused",
    "obstacle",
)


def _dump_offer(offer: Offer) -> dict[str, Any]:
    texts = {name: getattr(offer.identity, name) for name in _TEXTS}
    return {
        **texts,
        "data": dict(offer.identity.data),
        "token": dump_token(offer.token),
        "granted": list(offer.granted),
    }


def _load_offer(raw: dict[str, Any]) -> Offer:
    texts = {name: raw.get(name, "") for name in _TEXTS}
    identity = Identity(**texts, data=raw["data"])
    return Offer(identity, load_token(raw["token"]), tuple(raw["granted"]))
