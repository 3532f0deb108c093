"""Choose identities: each gets its slot, its connection, and a result in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction

from accounts.models import User
from accounts.rights import Right, require
from core import clock
from core.errors import DomainError
from platforms import registry
from profiles.actions.attach import attach
from profiles.actions.places import Places
from profiles.errors import JourneyRefused
from profiles.models import Journey, SocialProfile
from profiles.offers import Offer, offers_of


@dataclass(frozen=True)
class Choice:
    """`place`: a Social Set's id, NEW for one of its own, "" for the next free one."""

    external_id: str
    place: str = ""


@dataclass(frozen=True)
class Result:
    """What became of one identity; `problem` in words when it wasn't connected.

    `already`: it was in this group before, so its sign-in was renewed.
    """

    external_id: str
    label: str
    profile_id: str = ""
    code: str = ""
    problem: str = ""
    already: bool = False
    address: str = ""

    @property
    def connected(self) -> bool:
        return bool(self.profile_id)


def pick(
    *, journey: Journey, choices: Iterable[Choice], actor: User
) -> tuple[Result, ...]:
    """Connect every chosen identity, each by itself; one's trouble stops no other.

    The journey ends with the first success and forgets the tokens nobody chose.
    """
    require(actor, journey.group, Right.CONNECT)
    chosen = list({choice.external_id: choice for choice in choices}.values())
    if not chosen:
        raise DomainError("nothing_chosen", "Choose at least one profile.")
    with transaction.atomic():
        row = _taken(journey)
        results = _connect_all(row, chosen, actor)
        _keep(row, results)
    journey.refresh_from_db()
    return results


def _taken(journey: Journey) -> Journey:
    rows = Journey.objects.select_for_update(of=("self",))
    row = rows.select_related("group__account", "social_set", "profile").get(
        pk=journey.pk
    )
    if not row.is_open:
        raise JourneyRefused(
            "journey_over", "This sign-in is over. Please start again.", journey=row
        )
    return row


def _connect_all(
    journey: Journey, chosen: list[Choice], actor: User
) -> tuple[Result, ...]:
    offers = {offer.identity.external_id: offer for offer in offers_of(journey)}
    places = Places(journey)
    return tuple(
        _connect(journey, places, offers.get(choice.external_id), choice, actor)
        for choice in chosen
    )


def _connect(
    journey: Journey,
    places: Places,
    offer: Offer | None,
    choice: Choice,
    actor: User,
) -> Result:
    result = Result(
        external_id=choice.external_id,
        label=label_of(offer) if offer else choice.external_id,
        already=places.holding(choice.external_id) is not None,
        address=offer.identity.address if offer else "",
    )
    try:
        with transaction.atomic():
            profile = _attached(journey, places, offer, choice, actor)
    except DomainError as error:
        return replace(result, code=error.code, problem=error.message)
    return replace(result, profile_id=str(profile.pk))


def _attached(
    journey: Journey,
    places: Places,
    offer: Offer | None,
    choice: Choice,
    actor: User,
) -> SocialProfile:
    if offer is None:
        raise DomainError("not_offered", "This profile is not among those offered.")
    if offer.refused:
        raise DomainError("refused", offer.refused)
    _require_same(journey, offer)
    place = places.of(offer, choice.place)
    profile = attach(journey, offer, place, actor=actor)
    places.taken(profile)
    return profile


def automatic(journey: Journey, offers: list[Offer]) -> Choice | None:
    """The choice that needs no asking: the slot's own identity, or the only one."""
    if journey.profile is not None:
        own = journey.profile.external_id
        fits = [offer for offer in offers if offer.identity.external_id == own]
    else:
        fits = offers
    if len(fits) != 1 or fits[0].refused or journey.code_hash:
        return None
    return Choice(fits[0].identity.external_id, str(journey.social_set_id))


def _require_same(journey: Journey, offer: Offer) -> None:
    """R-C10: a slot never changes its identity by a sign-in."""
    slot = journey.profile
    if slot is None or slot.external_id == offer.identity.external_id:
        return
    raise DomainError("wrong_identity", wrong_identity(journey, [offer]))


def wrong_identity(journey: Journey, offers: list[Offer]) -> str:
    """R-C10 in words: who signed in, and whose slot this is."""
    assert journey.profile is not None, "only a refresh can meet the wrong person"
    name = registry.get(journey.platform).name
    who = ", ".join(label_of(offer) for offer in offers[:3]) or "somebody else"
    return (
        f"You signed in as {who}; this slot is {journey.profile.label}. Nothing was "
        f"changed. Sign out of {name}, or use a private window, and try again."
    )


def label_of(offer: Offer) -> str:
    identity = offer.identity
    return f"@{identity.handle}" if identity.handle else identity.name


def _keep(journey: Journey, results: tuple[Result, ...]) -> None:
    """What was not connected may be chosen otherwise, as long as nothing was."""
    journey.results = [vars(result) for result in results]
    columns = ["results"]
    if any(result.connected for result in results):
        journey.finished_at = clock.now()
        journey.sealed = ""
        columns += ["finished_at", "sealed"]
    journey.save(update_fields=columns)
