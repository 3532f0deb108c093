"""The audit trail: who did what, whose it was, when, why and from where (R-I2).

Rows are only ever added. Triggers in the database refuse every change, but for two
narrow ways, open within one transaction by an `AuditOpening` that is never committed:
`purge` takes away what is older than logs are kept, `erase` empties (and can't reword)
the columns that may name a person (R-I3). No foreign keys: whom it names may go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Q

from accounts import origin
from core import clock
from core.doctor import Finding, fail, ok

if TYPE_CHECKING:
    from accounts.models import Account, User

KEPT = timedelta(days=90)
BATCH = 5_000
TRIGGERS = ("audit_refuses_update", "audit_refuses_delete")
# What may name a person; all the rest is never changed.
PERSONAL = ("actor", "account", "words", "reason", "address", "agent")


class AuditEntry(models.Model):
    """`actor` and `account` are texts of that day, for when the rows are gone."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=clock.now)
    actor_id = models.UUIDField(null=True, blank=True)
    actor = models.CharField(max_length=254, blank=True)
    staff = models.BooleanField(default=False)
    verb = models.CharField(max_length=64)
    object_type = models.CharField(max_length=100, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    words = models.CharField(max_length=500, blank=True)
    account_id = models.UUIDField(null=True, blank=True)
    account = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit trail"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            # support.exports: a span of days; accounts.audit.purge
            models.Index(fields=["at"], name="audit_at"),
            # an account's own trail; accounts.audit.erase
            models.Index(fields=["account_id", "id"], name="audit_account"),
            # what one person did
            models.Index(fields=["actor_id", "id"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb}"


class AuditOpening(models.Model):
    """What the triggers let through while it stands: within one transaction only."""

    purge_before = models.DateTimeField(null=True)
    erasing = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "erasing" if self.erasing else f"purging before {self.purge_before}"


@dataclass(frozen=True)
class Deed:
    """`verb` is `thing.done`, such as `acting.begun`; `about` what it was done to.

    `words` tell a reader the rest: no secrets, and names of customers only if need be.
    """

    verb: str
    words: str = ""
    about: models.Model | None = None
    account: Account | None = None
    reason: str = ""


def record(deed: Deed, *, actor: User | None) -> AuditEntry:
    """Write it down, in the transaction of the deed itself."""
    about, account, place = deed.about, deed.account, origin.current()
    return AuditEntry.objects.create(
        actor_id=actor.pk if actor else None,
        actor=actor.email if actor else "",
        staff=bool(actor and actor.is_staff),
        verb=deed.verb,
        object_type=about._meta.label_lower if about else "",
        object_id=str(about.pk)[:64] if about else "",
        words=_fit("words", deed.words),
        account_id=account.pk if account else None,
        account=_fit("account", account.name if account else ""),
        reason=_fit("reason", deed.reason),
        address=place.address[:45],
        agent=place.agent,
        request_id=place.request_id[:64],
    )


def _fit(column: str, text: str) -> str:
    """A long text is cut: nothing is left undone for want of room to write it down."""
    longest: int = getattr(AuditEntry._meta.get_field(column), "max_length", 0)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def purge(*, now: datetime | None = None, batch: int = BATCH) -> int:
    """Delete what is older than logs are kept; how many went. Short locks only."""
    before = (now or clock.now()) - KEPT
    gone = 0
    while found := _oldest(before, batch):
        with _open(purge_before=before):
            gone += AuditEntry.objects.filter(pk__in=found).delete()[0]
    return gone


def _oldest(before: datetime, batch: int) -> list[int]:
    rows = AuditEntry.objects.filter(at__lt=before).order_by("at")
    return list(rows.values_list("pk", flat=True)[:batch])


def erase(
    *, accounts: Iterable[UUID] = (), people: Iterable[UUID] = (), texts: Iterable[str]
) -> int:
    """Empty what may name these; how many rows. That it happened, and when, stays.

    `texts`, such as addresses, are looked for in the words of all rows: a search for
    a person names them, too.
    """
    asked = Q(account_id__in=list(accounts)) | Q(actor_id__in=list(people))
    asked |= Q(object_id__in=[str(each) for each in people])
    for text in filter(None, texts):
        asked |= Q(words__icontains=text) | Q(reason__icontains=text)
    with _open(erasing=True):
        return AuditEntry.objects.filter(asked).update(**dict.fromkeys(PERSONAL, ""))


@contextmanager
def _open(**way: Any) -> Iterator[None]:
    with transaction.atomic():
        opening = AuditOpening.objects.create(**way)
        yield
        opening.delete()


def examine() -> Iterator[Finding]:
    """The doctor's part: whether the database still refuses, and nothing is open."""
    missing = set(TRIGGERS) - _triggers()
    if missing:
        words = f"It can be changed: {', '.join(sorted(missing))} missing."
        yield fail("audit trail", words, "Restore the database's triggers.")
    elif AuditOpening.objects.exists():
        words = "A way to change it stands open."
        yield fail("audit trail", words, "DELETE FROM accounts_auditopening;")
    else:
        yield ok("audit trail", "Append-only: the database refuses changes.")


def _triggers() -> set[str]:
    sql = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled = 'O' "
        "AND tgrelid = 'accounts_auditentry'::regclass"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' "
        "AND tbl_name = 'accounts_auditentry'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {str(row[0]) for row in cursor.fetchall()}
