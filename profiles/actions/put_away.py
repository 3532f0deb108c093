"""The tokens of an account that is being deleted: locked away, then revoked (R-I3)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from core.queue import enqueue
from profiles.actions.mark import locked, mark
from profiles.actions.remove import lock_away
from profiles.models import Connection
from profiles.states import ConnectionState

BATCH = 50
CAUSE = "Its account was deleted."


def put_away(account_id: UUID) -> int:
    """The next few, each in a transaction of its own; 0 when none is left.

    Nobody is asked what becomes of the posts, as in `remove`: they go, too.
    """
    rows = Connection.objects.filter(profile__account=account_id).exclude(sealed="")
    ids = list(rows.values_list("pk", flat=True)[:BATCH])
    for pk in ids:
        _put_away(pk)
    return len(ids)


@transaction.atomic
def _put_away(pk: UUID) -> None:
    connection = locked(pk)
    lock_away(connection)
    owner = connection.profile.account.owner
    mark(connection, ConnectionState.DISCONNECTED, CAUSE, missing=[], actor=owner)
    enqueue("profiles.revoke", str(pk))
