"""Ask for an export, call it off, and let go of what is past its days (R-J6)."""

from __future__ import annotations

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

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
    """Also one that is ready: its file is deleted.

    Whoever works on it notices with the next page, and deletes what it has written.
    """
    require_owner(actor, export.account)
    rows = Export.objects.filter(pk=export.pk, status__in=[*OPEN, S.READY])
    if rows.update(status=S.CANCELLED, fence=F("fence") + 1):
        audit.record(
            audit.Deed("export.cancelled", account=export.account), actor=actor
        )
        forget_files(Export.objects.filter(pk=export.pk))


def take(*, export: Export, actor: User) -> File[bytes] | None:
    """Its file, where it stands yet; that somebody took it is written down: it is all
    that the account has."""
    require_owner(actor, export.account)
    over = export.expires_at is None or export.expires_at <= clock.now()
    if export.status != S.READY or over:
        return None
    try:
        stream = export.file.open("rb")
    except FileNotFoundError:
        return None
    audit.record(audit.Deed("export.taken", account=export.account), actor=actor)
    found: File[bytes] = stream
    return found


def expire() -> None:
    """Files whose days are over, and what a worker left that died."""
    over = Export.objects.filter(status=S.READY, expires_at__lte=clock.now())
    over.update(status=S.EXPIRED)
    forget_files(Export.objects.filter(status__in=[S.CANCELLED, S.EXPIRED]))


def forget_files(exports: QuerySet[Export]) -> None:
    """Those that nobody is writing at."""
    free = Q(lease_until=None, file__gt="") | Q(lease_until__lte=clock.now())
    for export in exports.filter(free):
        forget_file(export)


def forget_file(export: Export) -> None:
    delete_folder(f"exports/{export.pk}")
    Export.objects.filter(pk=export.pk).update(file="", size=0, lease_until=None)
