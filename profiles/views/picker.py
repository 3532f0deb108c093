"""What the picker shows: who can be chosen, who can't and why, and where each goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from core.http import browser_url
from platforms import registry
from profiles.actions.pick import label_of, wrong_identity
from profiles.actions.places import NEW, Places
from profiles.forms import PLACE, PickForm
from profiles.models import Journey, SocialSet
from profiles.offers import Offer
from profiles.views.callback import again_url
from profiles.views.common import journey_url

# A search field helps from here on.
MANY = 8
# More options than these on a page are fetched into a row when it is asked for them.
OPTIONS = 400
AUTOMATIC = (("", "Next free Social Set"), (NEW, "A new Social Set"))


@dataclass(frozen=True)
class Row:
    """One identity in the picker; `problem` is what stopped it a moment ago.

    `place` is the Social Set chosen for it so far, in the control named `field`.
    """

    offer: Offer
    label: str
    picture: str
    checked: bool
    place: str
    field: str
    problem: str
    note: str = ""


def picker(journey: Journey, places: Places, form: PickForm) -> dict[str, object]:
    rows = _rows(journey, places, form)
    choosable = sum(1 for row in rows if not row.offer.refused)
    sets = [(str(each.pk), each.name) for each in places.free()]
    adapter = registry.get(journey.platform)
    wrong = _wrong(journey, form.offers)
    return {
        "journey": journey,
        "adapter": adapter,
        "facts": adapter.facts,
        "method": adapter.method(journey.method),
        "form": form,
        "rows": rows,
        "choosable": choosable,
        "several": choosable > 1 and journey.profile is None,
        "many": len(rows) > MANY,
        "automatic": AUTOMATIC,
        "sets": sets,
        "sets_later": choosable * len(sets) > OPTIONS,
        "wrong": wrong,
        "again_url": again_url(journey, anew=bool(wrong)),
        "wait_url": journey_url("wait", journey) if journey.code_hash else "",
        "cancel_url": journey.return_to
        or reverse("profiles:settings", kwargs={"group_id": journey.group_id}),
    }


def _rows(journey: Journey, places: Places, form: PickForm) -> list[Row]:
    """Those that can be chosen first."""
    problems = {r["external_id"]: r["problem"] for r in journey.results}
    ticked = set(form["choice"].value() or ()) if form.is_bound else _preset(form)
    rows = []
    for offer in form.offers:
        key = offer.identity.external_id
        row = Row(
            offer=offer,
            label=label_of(offer),
            picture=_picture(offer),
            checked=key in ticked,
            place=form.place_of(key),
            field=PLACE + key,
            problem=problems.get(key, ""),
            note=_note(journey, places.holding(key)),
        )
        rows.append(row)
    return sorted(rows, key=lambda row: bool(row.offer.refused))


def _picture(offer: Offer) -> str:
    url = offer.identity.picture_url
    return browser_url(url) if url else ""


def _note(journey: Journey, place: SocialSet | None) -> str:
    if place is None or journey.profile is not None:
        return ""
    return f"Already connected in {place.name}"


def _preset(form: PickForm) -> set[str]:
    """The only one that can be chosen is chosen."""
    fits = [offer for offer in form.offers if not offer.refused]
    return {fits[0].identity.external_id} if len(fits) == 1 else set()


def _wrong(journey: Journey, offers: Sequence[Offer]) -> str:
    """R-C10: the slot's own identity is not among those of this sign-in."""
    if journey.profile is None or not offers:
        return ""
    own = journey.profile.external_id
    if any(offer.identity.external_id == own for offer in offers):
        return ""
    return wrong_identity(journey, list(offers))
