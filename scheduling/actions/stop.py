"""The stop switch: set, lifted by a person or by its end, and what it held (R-F10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import AccessGroup, User
from accounts.rights import Right, require
from core import clock
from core.errors import DomainError, DomainErrors
from profiles.models import SocialProfile
from scheduling import resuming, stops, times
from scheduling.actions.resume import Resumed, carry_on
from scheduling.actions.rows import lock_every
from scheduling.actions.stop_news import tell_lifted, tell_set
from scheduling.content import clean
from scheduling.models import EventKind, PostEvent, ResumePlan, Stop, Target
from scheduling.states import TargetState, move, stay

PLANS = (ResumePlan.NOW, ResumePlan.TOMORROW, ResumePlan.HOLD, ResumePlan.DROP)
REASON_LENGTH = 300
# A worker may write "held" a moment after the lifting: looked after for so long.
LINGER = timedelta(days=1)
# A worker's clock may run ahead of this one by so much.
DRIFT = timedelta(seconds=5)


@dataclass(frozen=True)
class Reach:
    """One profile of the group, the group, or (`whole`) all of its account."""

    group: AccessGroup
    profile: SocialProfile | None = None
    whole: bool = False


@dataclass(frozen=True)
class Order:
    """`until` is clock time in the group's zone, "" without an end. `plan`: what then
    becomes of what was held."""

    reason: str
    until: str = ""
    plan: str = ResumePlan.HOLD
    spacing_min: int = resuming.SPACING_MIN


def set_stop(*, actor: User, reach: Reach, order: Order) -> Stop:
    """From its commit on nothing of its reach is sent; claims of it are taken back.

    Two transactions on purpose: whoever checked before the first one has a claim that
    the second one sees. Raises DomainErrors, each beside its field.
    """
    require_right(actor, reach.group, whole=reach.whole)
    stop = _ordered(actor, reach, order)
    _end_overdue(stop)
    _save(stop)
    with transaction.atomic():
        _take_back(stop)
        tell_set(stop, actor)
    return stop


def require_right(actor: User, group: AccessGroup, *, whole: bool) -> None:
    require(actor, group, Right.SCHEDULE)
    if whole and group.account.owner_id != actor.pk:
        message = "Only the account's owner can stop or start all of its groups."
        raise DomainError("not_owner", message, field="reach")


def _ordered(actor: User, reach: Reach, order: Order) -> Stop:
    errors = resuming.problems(order.plan, order.spacing_min, PLANS)
    reason = " ".join(clean(order.reason).split())
    if not reason or len(reason) > REASON_LENGTH:
        errors.append(DomainError("reason", _REASON, field="reason"))
    until = None
    try:
        until = _until(order.until, reach.group.timezone)
    except DomainError as error:
        errors.append(DomainError(error.code, error.message, field="until"))
    if errors:
        raise DomainErrors(errors)
    return Stop(
        account=reach.group.account,
        group=None if reach.whole else reach.group,
        profile=reach.profile,
        reason=reason,
        set_by=actor,
        until=until,
        plan=order.plan,
        spacing_min=order.spacing_min,
    )


_REASON = f"Say why, in up to {REASON_LENGTH} characters: the others will read it."


def _until(wall: str, zone: str) -> datetime | None:
    if not wall.strip():
        return None
    slot = times.parse(wall.strip(), zone)
    assert slot.instant is not None
    if slot.instant <= clock.now():
        raise times.refused("time_past", "Choose a time that lies ahead.")
    times.require_future(slot)
    return slot.instant


def _same_reach(stop: Stop) -> dict[str, object]:
    return {"account": stop.account, "group": stop.group, "profile": stop.profile}


def _end_overdue(stop: Stop) -> None:
    """One that has ended, which the beat hasn't come round to, is no obstacle."""
    rows = Stop.objects.open().filter(until__lte=clock.now(), **_same_reach(stop))
    for old in rows:
        _end(old)


def _save(stop: Stop) -> None:
    try:
        with transaction.atomic():
            stop.save(force_insert=True)
    except IntegrityError:
        there = Stop.objects.open().filter(**_same_reach(stop)).first()
        who = f" by {stops.who(there)}" if there else ""
        message = f"Publishing is stopped there already{who}. Lift that stop first."
        raise DomainError("already_stopped", message, field="reach") from None


def _take_back(stop: Stop) -> None:
    """What a worker has claimed and not begun to send; sent is sent.

    One that only looks ahead at a coming post keeps it: that has its time.
    """
    rows = Target.objects.filter(
        state=TargetState.CLAIMED,
        post__deleted_at=None,
        due_at__lte=clock.now() + DRIFT,
    )
    targets = lock_every(stops.within(rows, stop))
    claimed = [t for t in targets if t.state == TargetState.CLAIMED]
    for target in claimed:
        move(
            target,
            TargetState.HELD,
            expect=TargetState.CLAIMED,
            fence=target.fence + 1,
            lease_until=None,
            next_at=None,
            reason_code=stops.STOPPED,
            reason=stops.why_held(stop),
        )
    _note(claimed, stop.set_by, "Held: publishing was stopped.")


def _note(targets: Iterable[Target], actor: User | None, text: str) -> None:
    PostEvent.objects.bulk_create(
        PostEvent(
            post=target.post,
            target=target,
            actor=actor,
            kind=EventKind.STOPPED,
            text=text,
        )
        for target in targets
    )


@transaction.atomic
def lift_stop(*, actor: User, stop: Stop, plan: str, spacing_min: int) -> Resumed:
    """Open the way again; what no other stop keeps back goes on by the plan."""
    group = stop.group or _any_group(actor, stop)
    require_right(actor, group, whole=stop.group is None)
    errors = resuming.problems(plan, spacing_min, PLANS)
    if errors:
        raise DomainErrors(errors)
    row = Stop.objects.select_for_update(of=("self",)).get(pk=stop.pk)
    if row.lifted_at is not None:
        raise DomainError("lifted", "This stop was lifted meanwhile.")
    row.plan, row.spacing_min, row.lifted_by = plan, spacing_min, actor
    return _lift(row, actor)


def _any_group(actor: User, stop: Stop) -> AccessGroup:
    """Of an account-wide stop: a group in which the owner acts."""
    found = AccessGroup.objects.visible_to(actor).filter(account=stop.account).first()
    if found is None:
        raise DomainError("not_owner", "Only the account's owner can do this.")
    return found


def _lift(stop: Stop, actor: User | None) -> Resumed:
    stop.lifted_at = clock.now()
    stop.save(update_fields=["lifted_at", "lifted_by", "plan", "spacing_min"])
    resumed = let_go(stop, actor)
    tell_lifted(stop, actor, resumed)
    return resumed


def let_go(stop: Stop, actor: User | None) -> Resumed:
    """Carry its plan out on what it held; again and again does nothing more."""
    freed = stops.freed(stops.within(stops.held_anywhere(), stop))
    targets = lock_every(freed.order_by("due_at", "pk"))
    held = [t for t in targets if t.state == TargetState.HELD]
    held = [t for t in held if t.reason_code == stops.STOPPED]
    if stop.plan == ResumePlan.HOLD:
        return _leave_on_hold(held, stop, actor)
    return carry_on(held, stop.plan, stop.spacing_min, actor)


def _leave_on_hold(targets: list[Target], stop: Stop, actor: User | None) -> Resumed:
    reason = f"It was held while publishing was stopped: “{stop.reason}” "
    for target in targets:
        stay(
            target,
            expect=TargetState.HELD,
            reason_code=stops.STAYED,
            reason=f"{reason}The stop is lifted: choose when this goes out.",
        )
    _note(targets, actor, "The stop was lifted; left on hold.")
    return Resumed(len(targets))


def lift_due() -> int:
    """Each minute from the beat: lift what has ended, and look after stragglers.

    Two beats at once do it once: the second finds the row lifted. Returns how many.
    """
    due = Stop.objects.open().filter(until__lte=clock.now()).order_by("until", "pk")
    lifted = sum(_end(stop) for stop in due)
    _let_stragglers_go()
    return lifted


@transaction.atomic
def _end(stop: Stop) -> bool:
    rows = Stop.objects.select_for_update(of=("self",))
    row = rows.filter(pk=stop.pk, lifted_at=None).first()
    if row is None:
        return False
    _lift(row, None)
    return True


def _let_stragglers_go() -> None:
    """A worker that saw a stop wrote "held" when it was lifted already."""
    if not stops.freed(stops.held_anywhere()).exists():
        return
    recent = Stop.objects.filter(lifted_at__gte=clock.now() - LINGER)
    for stop in recent.order_by("-lifted_at"):
        with transaction.atomic():
            let_go(stop, None)
