"""What the result page of a journey shows: each identity, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from platforms import registry
from profiles.hooks import Panel, panels
from profiles.models import Journey
from profiles.queries import slots_by_profile
from profiles.slots import Slot
from profiles.views.callback import again_url

# More than these of which nothing is wanted are told in one list.
FEW = 3


@dataclass(frozen=True)
class Connected:
    """`already`: it was here before, so what waited for it may go on (`panels`)."""

    slot: Slot
    already: bool
    panels: Sequence[Panel] = ()


def outcome(journey: Journey) -> dict[str, object]:
    settings_url = reverse("profiles:settings", kwargs={"group_id": journey.group_id})
    adapter = registry.get(journey.platform)
    results = _connected(journey)
    quiet = [each for each in results if not each.slot.look.act and not each.panels]
    quiet = quiet if len(quiet) > FEW else []
    return {
        "journey": journey,
        "adapter": adapter,
        "facts": adapter.facts,
        "method": adapter.method(journey.method),
        "over": ("", "") if journey.results else _over(journey, adapter.name),
        "results": [each for each in results if each not in quiet],
        "quiet": quiet,
        "problems": [each for each in journey.results if not each["profile_id"]],
        "all_connected": bool(results)
        and not any(each.slot.look.act or each.panels for each in results),
        "next_url": journey.return_to or settings_url,
        "again_url": again_url(journey),
    }


def _connected(journey: Journey) -> list[Connected]:
    made = {r["profile_id"]: r for r in journey.results if r["profile_id"]}
    found = []
    for slot in slots_by_profile(journey.group, list(made)):
        assert slot.profile is not None, "a slot found by its profile"
        already = made[str(slot.profile.pk)].get("already", False)
        waiting = panels(slot.profile) if already else ()
        found.append(Connected(slot, already, waiting))
    return found


def _over(journey: Journey, name: str) -> tuple[str, str]:
    """Title and text for a journey that connected nothing."""
    if journey.error:
        return f"{name} was not connected", journey.error
    if journey.is_open:
        return "This sign-in isn't finished yet", UNFINISHED.format(name=name)
    return "This sign-in is over", LATE


UNFINISHED = (
    "It may still be open at {name} in another tab or window. Finish it there and "
    "reload this page, or start again."
)
LATE = "It was not finished within 15 minutes, so nothing was changed."
