"""Profiles connected by the product's own journeys, with the sandbox's consent pages."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.models import User
from later.demo import sandbox
from later.demo.people import Home
from platforms import registry
from profiles.actions import updates
from profiles.actions.begin import Begun, Start, begin
from profiles.actions.come_back import come_back
from profiles.actions.enable import enable
from profiles.actions.pick import Choice, pick
from profiles.models import Journey, SocialProfile, UpdatesCursor
from profiles.offers import awaiting_of, offers_of

INSTAGRAM = {"handle": "mira.sol", "name": "Mira Sol", "kind": "business"}
CAFE = {"handle": "quay.coffee", "name": "Quay Coffee", "kind": "business"}
BLUESKY = {"handle": "mirasol.bsky.social", "name": "Mira Sol"}
PERSON = {"handle": "mira_sol", "name": "Mira Sol", "kind": "user"}
CHANNEL = {"handle": "mirasol_studio", "name": "Mira Sol, studio notes"}
APP_PASSWORD = "demo-demo-demo-demo"  # noqa: S105
FOLLOWERS = {"mira.sol": 6_412, "quay.coffee": 2_950, "mirasol.bsky.social": 1_287}


@dataclass(frozen=True)
class _Ask:
    """How to connect. With `profile` its slot signs in again."""

    platform: str
    method: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    profile: SocialProfile | None = None


def set_the_stage() -> None:
    """New identities, so that the sandbox's own stay free for trying to connect."""
    if sandbox.has("instagram", INSTAGRAM["handle"]):
        # Left from an older workspace: its Telegram bot would greet nobody again.
        sandbox.control("POST", "reset")
        UpdatesCursor.objects.filter(platform="telegram").delete()
    for platform, wish in (
        ("instagram", INSTAGRAM),
        ("instagram", CAFE),
        ("bluesky", BLUESKY),
        ("telegram", PERSON),
    ):
        followers = FOLLOWERS.get(wish["handle"])
        _identity(platform, wish, {"followers": followers} if followers else {})
    extra = {"owner": PERSON["handle"], "subscribers": 843}
    _identity("telegram", CHANNEL, extra)


def _identity(platform: str, wish: dict[str, str], extra: dict[str, object]) -> None:
    body = {"platform": platform, **wish, "extra": extra}
    sandbox.control("POST", "identities", body)


def instagram(home: Home, actor: User, handle: str) -> SocialProfile:
    asked = _Ask("instagram", "instagram_login")
    profile = _by_consent(home, actor, asked, handle)
    enable(profile=profile, actor=actor)
    return profile


def bluesky(home: Home, actor: User) -> SocialProfile:
    """By app password."""
    typed = {"handle": BLUESKY["handle"], "app_password": APP_PASSWORD}
    begun, _ = _begin(home, actor, _Ask("bluesky", "app_password", typed))
    return _pick(begun.journey, actor)


def bluesky_again(home: Home, actor: User, profile: SocialProfile) -> None:
    """The app password was withdrawn: this time by Bluesky's own sign-in."""
    typed = {"account": BLUESKY["handle"]}
    asked = _Ask("bluesky", "oauth", typed, profile)
    _by_consent(home, actor, asked, BLUESKY["handle"])


def _by_consent(home: Home, actor: User, asked: _Ask, handle: str) -> SocialProfile:
    begun, session = _begin(home, actor, asked)
    query = sandbox.allow(begun.url, handle)
    journey = come_back(
        platform=asked.platform, query=query, session=session, user=actor
    )
    return _pick(journey, actor)


def telegram(home: Home, actor: User) -> SocialProfile:
    """Show the bot the code, make it an administrator, read what it was told."""
    begun, _ = _begin(home, actor, _Ask("telegram", "bot"))
    person = _id_of("telegram", PERSON["handle"])
    awaiting = awaiting_of(begun.journey)
    assert awaiting is not None, "a bot's journey waits in its chat"
    chat, add = (link.url for link in awaiting.links)
    sandbox.press(chat, [("decision", "start"), ("identity", person)])
    updates.pull(registry.get("telegram"))
    sandbox.press(
        add,
        [
            ("decision", "add"),
            ("identity", person),
            ("channel", _id_of("telegram", CHANNEL["handle"])),
            ("right", "post_messages"),
        ],
    )
    updates.pull(registry.get("telegram"))
    begun.journey.refresh_from_db()
    return _pick(begun.journey, actor)


def _id_of(platform: str, handle: str) -> str:
    found = sandbox.control("GET", f"identities?platform={platform}")
    return next(str(one["id"]) for one in found if one["handle"] == handle)


def _begin(home: Home, actor: User, asked: _Ask) -> tuple[Begun, str]:
    """The journey, and the secret of the browser that it belongs to."""
    session = secrets.token_urlsafe(16)
    start = Start(
        home.social_set,
        asked.platform,
        asked.method,
        session,
        asked.inputs,
        asked.profile,
    )
    return begin(start, actor=actor), session


def _pick(journey: Journey, actor: User) -> SocialProfile:
    """All of the demo's sign-ins offer one identity."""
    (offer,) = offers_of(journey)
    choice = Choice(offer.identity.external_id, str(journey.social_set_id))
    (result,) = pick(journey=journey, choices=[choice], actor=actor)
    if not result.connected:
        raise sandbox.SandboxSaidNo(result.problem)
    return SocialProfile.objects.get(pk=result.profile_id)
