"""Three invented platforms in the registry's place, and ways to a connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import pytest

from platforms import registry
from profiles.actions.begin import Begun, Start, begin
from profiles.actions.come_back import come_back
from profiles.actions.pick import Choice, pick
from profiles.models import Connection, Journey, SocialProfile
from tests.people import Cast
from tests.profiles.fakes import Fake, Kite, Orbit, Pigeon
from tests.profiles.visitor import Visitor

SESSION = "this-browser"


@pytest.fixture(autouse=True)
def fakes(monkeypatch) -> Iterator[None]:
    """Orbit, Kite and Pigeon are all there is; fresh ones for each test."""
    names = {kind.key: f"tests.profiles.fakes.{kind.__name__}" for kind in FAKES}
    monkeypatch.setattr(registry, "PLATFORMS", names)
    monkeypatch.setenv("PLATFORM_ORBIT_ID", "orbit-app")
    forget()
    yield
    forget()


FAKES = (Orbit, Kite, Pigeon)
F = TypeVar("F", bound=Fake)


def cast_to(kind: type[F]) -> F:
    found = registry.get(kind.key)
    assert isinstance(found, kind)
    return found


def forget() -> None:
    registry.get.cache_clear()
    registry.adapter_class.cache_clear()


@pytest.fixture
def orbit() -> Orbit:
    return cast_to(Orbit)


@pytest.fixture
def kite() -> Kite:
    return cast_to(Kite)


@pytest.fixture
def pigeon() -> Pigeon:
    return cast_to(Pigeon)


@pytest.fixture
def way(cast) -> Way:
    return Way(cast)


@pytest.fixture
def visitor(cast, alice) -> Visitor:
    return Visitor(cast, alice)


class Way:
    """The acts of connecting, as a browser of Alice's would run them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def begin(self, platform: str = "orbit", **fields: Any) -> Begun:
        actor = fields.pop("actor", self.cast.alice)
        start: dict[str, Any] = {
            "social_set": self.cast.social_set,
            "platform": platform,
            "method": {"orbit": "sign-in", "kite": "form", "pigeon": "bot"}[platform],
            "session": SESSION,
            "inputs": {"handle": "ada", "key": "canary-key"},
            **fields,
        }
        return begin(Start(**start), actor=actor)

    def back(self, begun: Begun, **query: str) -> Journey:
        state = begun.url.partition("state=")[2]
        return come_back(
            platform=begun.journey.platform,
            query={"state": state, "code": "canary-code", **query},
            session=SESSION,
            user=begun.journey.user,
        )

    def arrived(self, platform: str = "orbit", **fields: Any) -> Journey:
        """A journey whose identities wait to be picked."""
        begun = self.begin(platform, **fields)
        return self.back(begun) if begun.url else begun.journey

    def pick(self, journey: Journey, *ids: str, **places: str):
        choices = [Choice(each, places.get(each.replace("-", ""), "")) for each in ids]
        return pick(journey=journey, choices=choices, actor=self.cast.alice)

    def connected(
        self, platform: str = "orbit", who: str = "id-1", **fields: Any
    ) -> Connection:
        journey = self.arrived(platform, **fields)
        (result,) = self.pick(journey, who)
        assert result.connected, result.problem
        profile = SocialProfile.objects.get(pk=result.profile_id)
        return profile.connection
