"""Put one identity into one slot, with its sealed token and what it may do."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import AccessGroup, User
from core import clock
from core.errors import DomainError
from core.text import one_line
from platforms import registry
from platforms.adapter import Adapter
from profiles.actions.happen import happen
from profiles.actions.timing import next_refresh
from profiles.models import Connection, Journey, SocialProfile, SocialSet
from profiles.offers import Offer
from profiles.rights import missing_of
from profiles.states import ConnectionState as S
from profiles.states import Event

NOT_ON_YET = "Signed in; Auto Publish isn't on yet."


def attach(
    journey: Journey, offer: Offer, place: SocialSet, *, actor: User
) -> SocialProfile:
    """Create, revive or renew the profile of this identity. Raises DomainError."""
    profile = _profile(journey, offer, place)
    connection = _connection(profile)
    adapter = registry.get(journey.platform)
    _store(connection, journey, offer, adapter, actor)
    _settle(connection, offer, adapter, actor)
    return profile


def _profile(journey: Journey, offer: Offer, place: SocialSet) -> SocialProfile:
    identity = offer.identity
    profile = _known(journey, identity.external_id) or SocialProfile(
        account=journey.group.account,
        group=journey.group,
        social_set=place,
        platform=journey.platform,
        external_id=identity.external_id,
    )
    if profile.removed_at is not None:
        profile.social_set = place
        profile.removed_at = None
    elif profile.social_set_id != place.pk:
        raise _elsewhere(f"in the Social Set {profile.social_set.name}")
    _describe(profile, offer)
    try:
        with transaction.atomic():
            profile.save()
    except IntegrityError:
        raise _overtaken(journey, offer, place) from None
    return profile


def _known(journey: Journey, external_id: str) -> SocialProfile | None:
    """Of this group: the one in use, else the one removed last, with its history.

    Locked: one that is being moved to another group is not written back to this one.
    """
    rows = (
        SocialProfile.objects.select_for_update(of=("self",), no_key=True)
        .filter(group=journey.group, platform=journey.platform, external_id=external_id)
        .select_related("social_set")
    )
    return rows.order_by(F("removed_at").desc(nulls_first=True)).first()


def _overtaken(journey: Journey, offer: Offer, place: SocialSet) -> DomainError:
    """The database refused: the slot was filled meanwhile, or the identity taken."""
    held = place.profiles.active().filter(platform=journey.platform)
    if held.exists():
        message = f"The slot of {place.name} was filled meanwhile."
        return DomainError("slot_taken", message)
    group = _where(journey, offer)
    if group is None:
        return _elsewhere("elsewhere")
    message = (
        f"This profile is already connected in your Access Group {group}. "
        "Move it here from there, with its posts."
    )
    return DomainError("connected_elsewhere", message)


def _where(journey: Journey, offer: Offer) -> AccessGroup | None:
    """Only for those who can see it there."""
    rows = SocialProfile.objects.visible_to(journey.user).active()
    found = rows.filter(
        account=journey.group.account,
        platform=journey.platform,
        external_id=offer.identity.external_id,
    )
    profile = found.select_related("group").first()
    return profile.group if profile else None


def _elsewhere(where: str) -> DomainError:
    """R-B6: says so, and never names another account."""
    return DomainError(
        "connected_elsewhere",
        f"This profile is already connected {where}. "
        "It must be disconnected there before it can be connected here.",
    )


def _describe(profile: SocialProfile, offer: Offer) -> None:
    identity = offer.identity
    profile.handle = one_line(identity.handle)[:255]
    profile.name = one_line(identity.name)[:255] or profile.handle
    profile.kind = identity.kind[:32]
    profile.role = identity.role[:64]
    profile.address = identity.address[:255]
    profile.picture_url = _web_address(identity.picture_url)
    profile.data = dict(identity.data)


def _web_address(url: str) -> str:
    fits = url.startswith(("https://", "http://")) and len(url) <= 2_000
    return url if fits else ""


def _connection(profile: SocialProfile) -> Connection:
    found = Connection.objects.select_for_update().filter(profile=profile).first()
    return found or Connection(profile=profile)


def _store(
    connection: Connection,
    journey: Journey,
    offer: Offer,
    adapter: Adapter,
    actor: User,
) -> None:
    now = clock.now()
    connection.seal(offer.token)
    connection.method = journey.method
    connection.granted = list(offer.granted)
    connection.refresh_at = next_refresh(adapter, offer.token, connection.pk)
    connection.refresh_failures = 0
    connection.grant_id = journey.pk
    connection.person_id = journey.person_id
    connection.farewell = ""
    connection.connected_at = now
    connection.connected_by = actor
    if adapter.auto_publish and connection.auto_publish_at is None:
        connection.auto_publish_at = now
    connection.save()


def _settle(
    connection: Connection, offer: Offer, adapter: Adapter, actor: User
) -> None:
    """Connected, or what still stands in the way of it (R-C4, R-C9)."""
    missing = missing_of(adapter, connection.method, offer.granted)
    cause = _cause(connection, offer, adapter, missing)
    happen(connection, Event.SIGNED_IN, cause, missing=missing, actor=actor)


def _cause(
    connection: Connection, offer: Offer, adapter: Adapter, missing: list[str]
) -> str:
    if missing:
        noun = "permission was" if len(missing) == 1 else "permissions were"
        return f"{len(missing)} {noun} not given at {adapter.name}."
    if connection.auto_publish_at is None:
        return offer.identity.obstacle or NOT_ON_YET
    return "Connected." if connection.state == S.DISCONNECTED else "Signed in again."
