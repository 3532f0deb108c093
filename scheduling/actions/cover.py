"""What another plan means for posts that are scheduled (R-B7): those it doesn't cover
turn into reminders, and back into Auto Publish once a plan covers them again.

In the transaction of the plan's change. A post that a worker looks at right now is left
to the check at its time, which goes by the plan as it is then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import F, Q

from accounts.entitlements import plan_of
from accounts.models import Account, User
from core import clock
from notifications.actions import notify
from scheduling import coverage, times
from scheduling.actions.many import rewrite_every
from scheduling.actions.rows import lock_every
from scheduling.models import EventKind, PostEvent, Target, TargetQuerySet
from scheduling.queries import excerpt
from scheduling.states import PublishBy, TargetState

SHOWN = 10


def cover(account: Account) -> None:
    """Goes by the account's present plan; again and again does nothing more."""
    lacking = _lacking(account)
    turned = _take(_waiting(account).filter(lacking, publish_by=PublishBy.AUTO))
    back = _take(_waiting(account).filter(~lacking, publish_by=PublishBy.PLAN))
    _remind(turned)
    _publish(back)
    _tell(account, turned, _Turned(account))
    _tell(account, back, _Back(account))


def _lacking(account: Account) -> Q:
    """Targets of kinds that the plan doesn't Auto Publish; none where it does all."""
    found = Q(pk__in=())
    for platform, kinds in coverage.needing(account).items():
        found |= Q(profile__platform=platform, kind__in=kinds)
    return found


def _waiting(account: Account) -> TargetQuerySet:
    return Target.objects.filter(
        profile__account=account,
        post__deleted_at=None,
        state=TargetState.SCHEDULED,
        parts_out=[],
    )


def _take(rows: TargetQuerySet) -> list[Target]:
    found = lock_every(rows.order_by("due_at", "pk"))
    waiting = [target for target in found if target.state == TargetState.SCHEDULED]
    return sorted(waiting, key=lambda target: (target.due_at, target.pk))


def _remind(targets: list[Target]) -> None:
    clocks = {"next_at": F("due_at")}
    rewrite_every(targets, TargetState.SCHEDULED, publish_by=PublishBy.PLAN, **clocks)


def _publish(targets: list[Target]) -> None:
    """The engine looks at each once, and then when it would have anyway."""
    clocks = {"next_at": clock.now()}
    rewrite_every(targets, TargetState.SCHEDULED, publish_by=PublishBy.AUTO, **clocks)


class _Turned:
    """How it is told to people, and in each post's story."""

    code = "plan.reminders"
    event = "Turned into a reminder: the plan doesn't Auto Publish it any more."

    def __init__(self, account: Account) -> None:
        self.account = account

    def title(self, count: int) -> str:
        noun = "1 post is a reminder" if count == 1 else f"{count} posts are reminders"
        return f"{noun} now, by your plan"

    def text(self) -> str:
        return (
            f"{self.account} is on the {plan_of(self.account).name} plan, which doesn't "
            "Auto Publish everything that was scheduled. Nothing is lost: at the time "
            "of each of these posts we send you its text and files, and you post it by "
            "hand. With a larger plan (Settings, Plan) they are Auto Published again."
        )


class _Back(_Turned):
    code = "plan.covered"
    event = "Goes out by Auto Publish again: the plan covers it."

    def title(self, count: int) -> str:
        noun = "1 post goes" if count == 1 else f"{count} posts go"
        return f"{noun} out by Auto Publish again"

    def text(self) -> str:
        return (
            f"{self.account} is on the {plan_of(self.account).name} plan. What had "
            "turned into reminders is Auto Published again, as it was scheduled. "
            "Whose time has passed stays with you."
        )


def _tell(account: Account, targets: list[Target], told: _Turned) -> None:
    """Each author their own posts, in one notice; and in the story of each."""
    PostEvent.objects.bulk_create(
        PostEvent(post=t.post, target=t, kind=EventKind.EDITED, text=told.event)
        for t in targets
    )
    for person, own in _by_person(account, targets).items():
        first = own[0].post
        notify(
            user=person,
            code=told.code,
            title=told.title(len(own)),
            text="\n\n".join((told.text(), "\n".join(_lines(own)))),
            path=f"/g/{first.group_id}/posts/{first.pk}/",
            button="Open the first of them",
        )


def _by_person(account: Account, targets: list[Target]) -> dict[User, list[Target]]:
    people = User.objects.in_bulk({t.post.author_id for t in targets} - {None})
    found: dict[User, list[Target]] = defaultdict(list)
    for target in targets:
        author = people.get(target.post.author_id)
        found[author or account.owner].append(target)
    return found


def _lines(targets: list[Target]) -> Iterator[str]:
    for target in targets[:SHOWN]:
        zone = target.post.group.timezone
        at = times.words(target.due_at, zone) if target.due_at else ""
        text = excerpt(target.own_text) or "a post without text"
        yield f"{at}, {target.profile.label}: {text}"
    if len(targets) > SHOWN:
        yield f"and {len(targets) - SHOWN} more"
