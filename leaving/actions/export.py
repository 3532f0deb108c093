"""Ask for an export, call it off, and let go of what is past its days (R-J6)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import audit
from accounts.models import Account, User
from accounts.rights import require_owner
from core import clock
from core.errors import DomainError
from core.queue import enqueue
from leaving.actions.files import delete_folder
from leaving.models import Export

S = Export.State
OPEN = (S.WAITING, S.WORKING)


def ask(*, account: Account, actor: User) -> Export:
    """One at a time; a worker takes it from here."""
    require_owner(actor, account)
    try:
        with transaction.atomic():
            export = Export.objects.create(account=account, asked_by=actor)
            audit.record(audit.Deed("export.asked", account=account), actor=actor)
            enqueue("leaving.export", str(export.pk))
    except IntegrityError:
        words = "An export is being prepared already. It will be ready soon."
        raise DomainError("export_open", words) from None
    return export


def cancel(*, export: Export, actor: User) -> None:
    """Also one that is ready: its file is deleted. Whoever works on it stops."""
    require_owner(actor, export.account)
    rows = Export.objects.filter(pk=export.pk, status__in=[*OPEN, S.READY])
    if rows.update(status=S.CANCELLED, fence=F("fence") + 1, lease_until=None):
        forget_file(export)


def expire() -> int:
    """Files whose days are over; how many."""
    over = Export.objects.filter(status=S.READY, expires_at__lte=clock.now())
    for export in over:
        forget_file(export)
    return over.update(status=S.EXPIRED)


def forget_file(export: Export) -> None:
    delete_folder(f"exports/{export.pk}")
    Export.objects.filter(pk=export.pk).update(file="", size=0)
