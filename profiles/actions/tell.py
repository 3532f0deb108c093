"""Tell people what their connections need (R-D4): one message for all that is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Account, Membership, User
from accounts.rights import Right, roles_with
from core import clock
from notifications.actions import notify
from platforms import registry
from profiles.dangers import Danger, endangered
from profiles.models import Concern, Connection
from profiles.quiet import too_quiet
from profiles.states import BROKEN, FIRST_WARNING, LIVE, ConnectionState
from profiles.telling import Reader, message

# Of one tick.
ACCOUNTS = 100
JUST_NOW = timedelta(minutes=5)
SHOWN = ("connection__profile__group", "connection__profile__social_set")
RANKS = (Concern.Kind.BROKEN, Concern.Kind.ENDING, Concern.Kind.QUIET)


def due() -> QuerySet[Concern]:
    return Concern.objects.filter(told_at=None, due_at__lte=clock.now())


def tell_due() -> int:
    """How many people were told something."""
    rows = due().order_by().values_list("account_id", flat=True).distinct()
    return sum(_tell(pk) for pk in list(rows[:ACCOUNTS]))


@transaction.atomic
def _tell(account_id: UUID) -> int:
    """All of the account that waits, due or nearly; a second teller finds nothing."""
    Account.objects.select_for_update().get(pk=account_id)
    if not due().filter(account=account_id).exists():
        return 0
    rows = Concern.objects.filter(account=account_id, told_at=None)
    found = list(rows.select_related(*SHOWN).order_by("pk"))
    told = Concern.objects.filter(pk__in=[concern.pk for concern in found])
    told.update(told_at=clock.now())
    return _tell_readers(_worst_of_each(found))


def _worst_of_each(found: list[Concern]) -> list[Concern]:
    """What is mended by now is no news; of a connection only the worst is told."""
    standing = [concern for concern in found if _stands(concern)]
    standing.sort(key=lambda concern: RANKS.index(Concern.Kind(concern.kind)))
    worst: dict[UUID, Concern] = {}
    for concern in standing:
        worst.setdefault(concern.connection_id, concern)
    return list(worst.values())


def _stands(concern: Concern) -> bool:
    connection = concern.connection
    known = connection.profile.platform in registry.PLATFORMS
    if connection.profile.removed_at is not None or not known:
        return False
    if concern.kind == Concern.Kind.BROKEN:
        return connection.state in BROKEN
    if concern.kind == Concern.Kind.QUIET:
        return too_quiet(connection)
    ends = connection.ends_at
    soon = ends is not None and ends <= clock.now() + FIRST_WARNING
    return soon and connection.state in LIVE


def _tell_readers(concerns: Sequence[Concern]) -> int:
    dangers = endangered(
        {each.connection.profile_id: _since(each) for each in concerns}
    )
    of_group: dict[UUID, list[Concern]] = defaultdict(list)
    for concern in concerns:
        of_group[concern.connection.profile.group_id].append(concern)
    readers = _readers(list(of_group))
    for user, groups in readers.items():
        theirs = [c for c in concerns if c.connection.profile.group_id in groups]
        _tell_one(user, theirs, dangers)
    return len(readers)


def _since(concern: Concern) -> datetime:
    """From when on its posts can't go out."""
    ends = concern.connection.ends_at
    ending = concern.kind == Concern.Kind.ENDING and ends is not None
    return ends if ending and ends else clock.now()


def _readers(group_ids: list[UUID]) -> dict[User, set[UUID]]:
    """Those who may mend it: people of the group who connect and schedule there."""
    rows = Membership.objects.filter(
        group__in=group_ids, role__in=roles_with(Right.CONNECT), user__is_active=True
    )
    found: dict[User, set[UUID]] = defaultdict(set)
    for membership in rows.select_related("user").order_by("created_at"):
        found[membership.user].add(membership.group_id)
    return found


def _tell_one(user: User, concerns: list[Concern], dangers: dict[UUID, Danger]) -> None:
    group = concerns[0].connection.profile.group
    told = message(concerns, Reader(user.timezone or group.timezone, dangers))
    notify(
        user=user,
        code=told.code,
        title=told.title,
        text=told.text,
        path=told.path,
        button=told.button,
    )


def told_broken(connection: Connection) -> bool:
    """Whether its people know, or are about to, that it is dead or just lost a right."""
    rows = _since_sign_in(connection, Concern.Kind.BROKEN)
    dead = Q(connection__state=ConnectionState.REFRESH_NEEDED)
    return rows.filter(dead | Q(created_at__gt=clock.now() - JUST_NOW)).exists()


def told_ending(connection: Connection) -> bool:
    return _since_sign_in(connection, Concern.Kind.ENDING).exists()


def _since_sign_in(connection: Connection, kind: Concern.Kind) -> QuerySet[Concern]:
    rows = Concern.objects.filter(connection=connection, kind=kind)
    begun = connection.connected_at
    return rows.filter(created_at__gte=begun) if begun is not None else rows
