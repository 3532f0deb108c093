"""The people of a stop's reach are told when it begins and when it ends (R-F10)."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import Membership, User
from notifications.actions import notify
from scheduling import resuming, stops, times
from scheduling.actions.resume import Resumed
from scheduling.models import ResumePlan, Stop


def tell_set(stop: Stop, actor: User) -> None:
    where = stops.reach_words(stop)
    for member in _people(stop, actor):
        end = stops.until_words(stop, member.group.timezone)
        text = (
            f"{actor} stopped publishing for {where}, {end}: “{stop.reason}”\n\n"
            "Posts whose time comes meanwhile are held; none is lost."
        )
        _tell(member, "stop.set", f"Publishing is stopped for {where}", text)


def tell_lifted(stop: Stop, actor: User | None, resumed: Resumed) -> None:
    where = stops.reach_words(stop)
    how = f"{actor} lifted the stop" if actor else "The stop has ended"
    for member in _people(stop, actor):
        text = f"{how} for {where}. {held_words(stop, resumed, member.group.timezone)}"
        _tell(member, "stop.lifted", f"Publishing goes on for {where}", text)


def held_words(stop: Stop, resumed: Resumed, zone: str) -> str:
    """What became of what it held, such as "3 posts were held. They go out …"."""
    if not resumed.count:
        return "No post was held."
    one = resumed.count == 1
    words = "1 post was held." if one else f"{resumed.count} posts were held."
    if stop.plan == ResumePlan.HOLD or resumed.first is None:
        return f"{words} {resuming.words(stop.plan, stop.spacing_min)}"
    if one:
        return f"{words} It goes out {times.words(resumed.first, zone)}."
    plan = resuming.words(stop.plan, stop.spacing_min)
    return f"{words} {plan} The first: {times.words(resumed.first, zone)}."


def _people(stop: Stop, actor: User | None) -> list[Membership]:
    """Each person once, with a group of theirs that it reaches."""
    rows = Membership.objects.filter(group__account=stop.account_id)
    if stop.group_id:
        rows = rows.filter(group=stop.group_id)
    rows = rows.filter(user__is_active=True).select_related("user", "group")
    if actor:
        rows = rows.exclude(user=actor)
    return list({row.user_id: row for row in rows.order_by("-created_at")}.values())


def _tell(member: Membership, code: str, title: str, text: str) -> None:
    path = reverse("scheduling:stops", kwargs={"group_id": member.group_id})
    notify(user=member.user, code=code, title=title, text=text, path=path)
