"""What the publisher has on its hands, read at any size: for gauges, alarms, doctor."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from core import clock
from profiles.models import UpdatesCursor
from publishing.models import Heartbeat, Pause
from scheduling.models import Target
from scheduling.states import TargetState

# The engine still has something to do about these; the partial index names them.
UNFINISHED = (
    TargetState.SCHEDULED,
    TargetState.CLAIMED,
    TargetState.SENDING,
    TargetState.PROCESSING,
    TargetState.UNCONFIRMED,
)
WAITING_FOR_PERSON = (TargetState.HELD, TargetState.UNCONFIRMED)
TICK = "tick"
# The code of reasons that only the operator can mend; how long one is believed.
OPERATOR = "operator"
TROUBLE_LASTS = timedelta(minutes=15)
# A worker that was not seen for so long was taken away, not lost.
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Due:
    """Targets of one platform in one state whose time has come, none of them final.

    `late`: how many are due for longer than asked about. `without_clock`: how many
    nobody will ever look at again, unless a person decides.
    """

    platform: str
    state: str
    count: int
    late: int
    without_clock: int
    oldest: datetime


def due_not_final(late_after_s: float) -> list[Due]:
    """By platform and state; costs what is due, not what is stored."""
    now = clock.now()
    late = Q(due_at__lt=now - timedelta(seconds=late_after_s))
    left_alone = Q(next_at=None, lease_until=None)
    rows = (
        Target.objects.filter(state__in=UNFINISHED, due_at__lte=now)
        .values_list("profile__platform", "state")
        .annotate(
            count=Count("pk"),
            # What a person was asked about is told already: it is not late.
            late=Count("pk", filter=late & ~left_alone),
            without_clock=Count("pk", filter=left_alone),
            oldest=Min("due_at"),
        )
        .order_by("profile__platform", "state")
    )
    return [Due(*row) for row in rows]


def waiting_for_person() -> dict[tuple[str, str], int]:
    """(platform, state) → how many are held or unconfirmed."""
    rows = (
        Target.objects.filter(state__in=WAITING_FOR_PERSON)
        .values_list("profile__platform", "state")
        .annotate(Count("pk"))
        .order_by("profile__platform", "state")
    )
    return {(platform, state): count for platform, state, count in rows}


def leased() -> dict[str, int]:
    """State → how many targets a worker holds right now."""
    rows = Target.objects.filter(lease_until__isnull=False).values_list("state")
    return dict(rows.annotate(Count("pk")).order_by("state"))


def beats() -> list[Heartbeat]:
    """The tick and every worker that was there within the hour."""
    since = clock.now() - FORGOTTEN_AFTER
    return list(Heartbeat.objects.filter(seen_at__gte=since).order_by("name"))


def open_pauses() -> QuerySet[Pause]:
    """Those in force now."""
    return Pause.objects.filter(until__gt=clock.now()).order_by("platform", "scope")


def scope_kind(scope: str) -> str:
    """What sort of thing is left in peace: "app", "server" or "profile"."""
    if scope == "app":
        return scope
    return "server" if scope.startswith("at:") else "profile"


def paused() -> dict[tuple[str, str], int]:
    """(platform, kind of scope) → how many are left in peace now."""
    rows = open_pauses().values_list("platform", "scope")
    return dict(Counter((platform, scope_kind(scope)) for platform, scope in rows))


def operator_trouble() -> dict[str, str]:
    """Platform → what only the operator can mend, by posts, circuits and bots."""
    waiting = Target.objects.filter(
        state__in=UNFINISHED, due_at__lte=clock.now(), reason_code=OPERATOR
    )
    struck = Pause.objects.filter(
        code=OPERATOR, strikes__gt=0, struck_at__gt=clock.now() - TROUBLE_LASTS
    )
    bots = UpdatesCursor.objects.exclude(trouble="")
    found = dict(bots.values_list("platform", "trouble"))
    found.update(struck.values_list("platform", "reason"))
    found.update(waiting.values_list("profile__platform", "reason").distinct())
    return found
