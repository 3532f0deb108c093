from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.models import AccessGroup
from accounts.rights import Right, may
from core import clock
from core.errors import DomainError
from platforms import registry
from profiles.models import SocialProfile
from profiles.slots import slots_in
from scheduling import events, first_steps, periods, stop_pages, times
from scheduling.forms import NOBODY, as_uuid
from scheduling.periods import Period
from scheduling.queries import Chip, Filters, between, planning, profiles_of, undated
from scheduling.stop_pages import StopCard
from scheduling.summary import PostState
from scheduling.views.doors import group_of, person, signed_in

VIEWS = ("month", "week", "list", "agenda")


@dataclass(frozen=True)
class Look:
    """What the address says is shown."""

    view: str
    day: date
    period: Period
    filters: Filters

    @property
    def profile_ids(self) -> list[str]:
        return sorted(str(pk) for pk in self.filters.profiles)

    @property
    def states(self) -> list[str]:
        return sorted(self.filters.states)


@dataclass(frozen=True)
class Option:
    """One line of a filter."""

    value: str
    label: str
    chosen: bool
    icon: str = ""
    platform: str = ""


@signed_in
@require_GET
def calendar(request: HttpRequest, group_id: UUID) -> HttpResponse:
    group, standing = planning(request.user, group_id)
    look = _look(request.GET, group.timezone)
    chips = between(group, look.period.start_at, look.period.end_at, look.filters)
    profiles = profiles_of(group)
    may_edit = may(person(request), group, Right.SCHEDULE)
    context: dict[str, Any] = {
        "group": group,
        "look": look,
        "may_edit": may_edit,
        "zone_label": times.zone_label(group.timezone, clock.now()),
        "stops": _stops(request, group, may_edit) if standing.stopped else [],
        "held": standing.on_hold,
    }
    if may_edit and not standing.live:
        planned = standing.planned
        context["steps"] = first_steps.steps_of(group, profiles, planned=planned)
    if look.view == "agenda":
        context |= _agenda(look, chips, profiles)
        return render(request, "scheduling/agenda.html", context)
    context |= {
        "drafts": undated(group),
        "data": _data(group, look, chips, profiles, may_edit),
        "profile_options": _profile_options(profiles, look),
        "state_options": _state_options(look),
        **_strip(group, profiles, request.GET.get("set", "")),
    }
    return render(request, "scheduling/calendar.html", context)


def _stops(request: HttpRequest, group: AccessGroup, may_edit: bool) -> list[StopCard]:
    return stop_pages.in_force(group, person(request), may_edit)


@signed_in
@require_GET
def posts(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Posts of the days from `start` to before `end`, for the grid."""
    group = group_of(request, group_id)
    period = _asked_period(request.GET, group.timezone)
    filters = _filters(request.GET)
    chips = between(group, period.start_at, period.end_at, filters)
    return JsonResponse(events.as_json(chips, group.timezone))


def _look(query: QueryDict, zone: str) -> Look:
    view = query.get("view", "")
    day = periods.parse_day(query.get("date", ""), periods.today(zone))
    period = periods.week(day, zone) if view == "week" else periods.month(day, zone)
    return Look(view if view in VIEWS else "month", day, period, _filters(query))


def _filters(query: QueryDict) -> Filters:
    profiles = {as_uuid(raw) for raw in query.getlist("profile")} - {NOBODY}
    states = set(query.getlist("state")) & set(PostState)
    return Filters(frozenset(profiles), frozenset(states))


def _asked_period(query: QueryDict, zone: str) -> Period:
    start = periods.parse_day(query.get("start", ""), periods.today(zone))
    end = periods.parse_day(query.get("end", ""), start)
    if not 0 < (end - start).days <= periods.LONGEST_DAYS:
        raise DomainError(
            "range", f"Ask for 1 to {periods.LONGEST_DAYS} days.", field="end"
        )
    return Period(start, end, zone)


def _profile_options(profiles: list[SocialProfile], look: Look) -> list[Option]:
    return [
        Option(
            value=str(profile.pk),
            label=profile.label,
            chosen=profile.pk in look.filters.profiles,
            icon=adapter.icon,
            platform=adapter.name,
        )
        for profile in profiles
        for adapter in [registry.adapter_class(profile.platform)]
    ]


def _state_options(look: Look) -> list[Option]:
    shown = [state for state in PostState if state != PostState.CANCELLED]
    return [
        Option(state.value, str(state.label), state.value in look.filters.states)
        for state in shown
    ]


def _strip(
    group: AccessGroup, profiles: list[SocialProfile], wanted: str
) -> dict[str, Any]:
    """The slots of the chosen Social Set, else of the first."""
    sets = list(group.social_sets.all())
    chosen = next((each for each in sets if str(each.pk) == wanted), None)
    social_set = chosen or next(iter(sets), None)
    if social_set is None:
        return {"sets": sets, "slots": []}
    mine = [each for each in profiles if each.social_set_id == social_set.pk]
    return {
        "sets": sets,
        "social_set": social_set,
        "slots": slots_in(social_set, mine),
    }


def _data(
    group: AccessGroup,
    look: Look,
    chips: list[Chip],
    profiles: list[SocialProfile],
    may_edit: bool,
) -> dict[str, Any]:
    """Everything that the grid needs to be drawn without asking again."""
    zone = group.timezone
    return {
        "view": look.view,
        "day": look.day.isoformat(),
        "first": look.period.first.isoformat(),
        "end": look.period.end.isoformat(),
        "zone": zone,
        "mayEdit": may_edit,
        "profiles": [events.profile_json(profile) for profile in profiles],
        "states": events.states_json(),
        "urls": _urls(group),
        "filters": {"profile": look.profile_ids, "state": look.states},
        "loaded": events.as_json(chips, zone),
    }


def _urls(group: AccessGroup) -> dict[str, str]:
    """`NOBODY` stands where an id goes."""
    ids = {"group_id": group.pk}
    post, media = {**ids, "pk": NOBODY}, {**ids, "item_id": NOBODY}
    return {
        "posts": reverse("scheduling:calendar_posts", kwargs=ids),
        "compose": reverse("scheduling:compose", kwargs=ids),
        "post": reverse("scheduling:post", kwargs=post),
        "edit": reverse("scheduling:edit", kwargs=post),
        "reschedule": reverse("scheduling:reschedule", kwargs=post),
        "thumb": reverse("media:thumb", kwargs=media),
    }


def _agenda(
    look: Look, chips: list[Chip], profiles: list[SocialProfile]
) -> dict[str, Any]:
    """The month as a list of days, for reading without scripts."""
    labels = {profile.pk: profile for profile in profiles}
    month = look.day.replace(day=1)
    days: dict[date, list[dict[str, Any]]] = {}
    for chip in chips:
        assert chip.at is not None
        wall = clock.to_wall(chip.at, look.period.zone)
        if (wall.year, wall.month) == (month.year, month.month):
            on = [labels[pk] for pk in chip.profiles if pk in labels]
            days.setdefault(wall.date(), []).append(
                {"chip": chip, "wall": wall, "profiles": on}
            )
    return {
        "days": sorted(days.items()),
        "month": month,
        "before": periods.step_month(month, -1),
        "after": periods.step_month(month, 1),
    }
