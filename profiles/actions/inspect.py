"""Ask once a day how a stored token stands (R-D8): withdrawn rights, changed password.

Where nothing is published, nothing else would notice. Each tick takes the share of its
time of day, by ids, so the work is spread and no column has to remember it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.queue import enqueue
from platforms import registry
from platforms.adapter import Adapter
from platforms.errors import AccessRemoved, AuthExpired, PlatformError
from platforms.types import Standing
from profiles.actions.mark import locked
from profiles.actions.settle_rights import settle_rights
from profiles.actions.tokens import Usable, fresh_token, refresh
from profiles.actions.trouble import note_trouble
from profiles.errors import ConnectionBroken
from profiles.models import Concern, Connection
from profiles.siblings import same_sign_in
from profiles.states import LIVE

log = structlog.get_logger(__name__)

# Ticks a day: one each five minutes.
SHARES = 24 * 12
IDS = 1 << 128
# What ends so soon after another of its sign-in ends for the same reason.
TOGETHER = timedelta(minutes=10)


def inspect_due() -> int:
    """Enqueue `profiles.inspect` for this tick's share; how many."""
    low, high = share(clock.now())
    keys = [adapter.key for adapter in registry.every() if adapter.inspects]
    rows = Connection.objects.filter(
        pk__range=(low, high), state__in=LIVE, profile__platform__in=keys
    )
    found = list(rows.values_list("pk", flat=True))
    for pk in found:
        enqueue("profiles.inspect", str(pk))
    return len(found)


def inspect_siblings(connection_id: str) -> int:
    """What ended one connection most likely ended those of the same sign-in; how many.

    A changed password shows at all of them now, and is told in one message. Only the
    first to end asks for the others: those that it finds dead need not ask again.
    """
    found = Connection.objects.select_related("profile").filter(pk=connection_id)
    connection = found.first()
    if connection is None:
        return 0
    others = Connection.objects.filter(same_sign_in(connection)).exclude(
        pk=connection_id
    )
    if _asked_already(connection, others):
        return 0
    return ask_of_each(others.filter(state__in=LIVE).select_related("profile"))


def ask_of_each(connections: Iterable[Connection]) -> int:
    """Soon, each by itself: how it stands, or where that isn't told, a renewal."""
    found = list(connections)
    for each in found:
        inspects = registry.adapter_class(each.profile.platform).inspects
        enqueue("profiles.inspect" if inspects else "profiles.refresh", str(each.pk))
    return len(found)


def _asked_already(connection: Connection, others: QuerySet[Connection]) -> bool:
    broken = Concern.objects.filter(kind=Concern.Kind.BROKEN)
    own = broken.filter(connection=connection).order_by("-pk").first()
    if own is None:
        return False
    before = broken.filter(
        connection__in=others, pk__lt=own.pk, created_at__gt=own.created_at - TOGETHER
    )
    return before.exists()


def share(now: datetime) -> tuple[UUID, UUID]:
    """First and last id of the five minutes that `now` lies in."""
    number = (now.hour * 60 + now.minute) // 5
    first, after = IDS * number // SHARES, IDS * (number + 1) // SHARES
    return UUID(int=first), UUID(int=after - 1)


def inspect(connection_id: str) -> None:
    """What the platform says shows at once; trouble that passes is left for tomorrow."""
    rows = Connection.objects.filter(pk=connection_id, state__in=LIVE)
    connection = rows.select_related("profile").first()
    if connection is None:
        return
    adapter = registry.get(connection.profile.platform)
    try:
        usable = fresh_token(connection)
        _ask(connection, adapter, usable)
    except (ConnectionBroken, PlatformError) as error:
        name = type(error).__name__
        log.info("connection.not_inspected", connection=connection_id, error=name)


def _ask(
    connection: Connection, adapter: Adapter, usable: Usable, *, last: bool = False
) -> None:
    """A dead access token is no dead sign-in, where a renewal still works."""
    try:
        standing = adapter.inspect(usable.token, connection.profile.for_platform())
    except PlatformError as error:
        if _may_renew(error) and not last and adapter.renews(usable.token):
            renewed = refresh(connection.pk, usable.version)
            _ask(connection, adapter, renewed, last=True)
            return
        note_trouble(connection.pk, error, seen_version=usable.version)
        raise
    _settle(connection.pk, usable.version, adapter, standing)


def _may_renew(error: PlatformError) -> bool:
    return isinstance(error, AuthExpired) and not isinstance(error, AccessRemoved)


@transaction.atomic
def _settle(pk: UUID, version: int, adapter: Adapter, standing: Standing) -> None:
    row = locked(pk)
    if row.version != version or row.state not in LIVE:
        return
    if standing.ends_at not in (None, row.ends_at):
        row.end_on(standing.ends_at)
        row.save(update_fields=["ends_at", "warn_at"])
    if standing.granted is None:
        return
    settle_rights(
        row,
        adapter,
        standing.granted,
        gone=f"A permission was withdrawn at {adapter.name}.",
        back=f"The permissions were given at {adapter.name}.",
    )
