"""What one event of a bot changes: an open journey, or a profile's connection."""

from __future__ import annotations

from contextlib import suppress

from core.oauth import state_hash
from platforms.adapter import Adapter
from platforms.types import CodeSeen, RoleSeen
from profiles.actions.happen import happen
from profiles.actions.mark import locked
from profiles.actions.settle_rights import settle_rights
from profiles.errors import JourneyRefused
from profiles.models import Connection, Journey
from profiles.offers import Offer, offers_of, seal_offers, seen_offer
from profiles.states import ConnectionState as S
from profiles.states import Event


def apply(adapter: Adapter, event: CodeSeen | RoleSeen) -> None:
    """Inside the puller's transaction; applying it twice changes nothing more."""
    if isinstance(event, CodeSeen):
        _bind(adapter, event)
        return
    _offer(adapter, event)
    _change_rights(adapter, event)


def _bind(adapter: Adapter, event: CodeSeen) -> None:
    """The first person to show the code has the journey, and this journey only.

    Who was talked into opening a stranger's link is freed by using their own.
    """
    if not event.person_id:
        return
    waiting = Journey.objects.waiting_in_chat().filter(platform=adapter.key)
    journey = waiting.filter(code_hash=state_hash(event.code), person_id="").first()
    if journey is None:
        return
    others = waiting.filter(person_id=event.person_id).exclude(user=journey.user_id)
    others.update(person_id="", person_name="", code_hash="")
    journey.person_id = event.person_id
    journey.person_name = event.name[:255]
    journey.save(update_fields=["person_id", "person_name"])


def _offer(adapter: Adapter, event: RoleSeen) -> None:
    """To that person's journeys only; nobody's word (a masked admin's) proves nothing."""
    if not event.person_id:
        return
    waiting = Journey.objects.waiting_in_chat().filter(
        platform=adapter.key, person_id=event.person_id
    )
    for journey in waiting.select_for_update():
        # One that can't be read any more must not hold up everybody's news.
        with suppress(JourneyRefused):
            _add(journey, seen_offer(event.identity, event.granted))


def _add(journey: Journey, offer: Offer) -> None:
    """The newest word on an identity counts; without any right it is taken away."""
    key = offer.identity.external_id
    kept = [each for each in offers_of(journey) if each.identity.external_id != key]
    if offer.granted or offer.refused:
        kept.append(offer)
    seal_offers(journey, kept)
    journey.save(update_fields=["sealed"])


def _change_rights(adapter: Adapter, event: RoleSeen) -> None:
    """R-D8: access given or withdrawn on the platform's side shows at once."""
    keys = [method.key for method in adapter.methods if method.kind == "bot"]
    found = Connection.objects.filter(
        profile__platform=adapter.key,
        profile__external_id=event.identity.external_id,
        profile__removed_at=None,
        method__in=keys,
    ).first()
    if found is None:
        return
    connection = locked(found.pk)
    if not event.granted:
        cause = event.identity.refused or f"{adapter.name} took our access away."
        happen(connection, Event.DEAUTHORIZED, cause)
        return
    _compare(adapter, connection, event)


def _compare(adapter: Adapter, connection: Connection, event: RoleSeen) -> None:
    """Rights that only grew heal a gap; after a removal it takes the same person."""
    removed = connection.state == S.REFRESH_NEEDED
    same_person = bool(event.person_id) and event.person_id == connection.person_id
    if removed and not same_person:
        return
    settle_rights(
        connection,
        adapter,
        event.granted,
        gone=f"Rights were taken away at {adapter.name}.",
        back=f"Rights were given at {adapter.name}.",
    )
