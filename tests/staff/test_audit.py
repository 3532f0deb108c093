"""The audit trail: only ever added to, on both databases (R-I2)."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.audit import AuditEntry, AuditOpening, Deed, erase, purge, record
from core import clock
from core.doctor import Level
from tests.people import person
from tests.support.worker import environment

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
REFUSED = "append-only"


def refused(change) -> bool:
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        change()
    return True


def test_an_entry_says_who_what_whose_when_why(cast):
    """R-I2."""
    deed = Deed(
        "plan.changed", "Free to Team", cast.group, cast.group.account, "They asked"
    )
    entry = record(deed, actor=cast.alice)
    entry.refresh_from_db()
    assert (entry.actor_id, entry.actor) == (cast.alice.pk, "alice@example.org")
    assert (entry.verb, entry.words) == ("plan.changed", "Free to Team")
    assert entry.object_type == "accounts.accessgroup"
    assert entry.object_id == str(cast.group.pk)
    assert entry.account_id == cast.group.account_id
    assert (entry.account, entry.reason) == ("Alice Studio", "They asked")
    assert (entry.staff, clock.now() - entry.at < timedelta(minutes=1)) == (False, True)


def test_it_says_from_where_when_a_request_did_it(support):
    support.get(
        "/admin/accounts/user/", headers={"user-agent": "Lynx/2.8 " + "x" * 300}
    )
    entry = AuditEntry.objects.latest("id")
    assert (entry.address, entry.staff) == ("127.0.0.1", True)
    assert entry.agent.startswith("Lynx/2.8") and len(entry.agent) == 200
    assert len(entry.request_id) >= 32


def test_what_is_too_long_is_cut_and_not_refused(cast):
    entry = record(Deed("a.b", "w" * 900, reason="r" * 900), actor=cast.alice)
    assert (len(entry.words), len(entry.reason)) == (500, 500)
    assert entry.words.endswith("…")


def test_it_outlives_whom_it_names(db):
    someone = person("Someone")
    record(Deed("a.b", about=someone), actor=someone)
    someone.delete()
    assert AuditEntry.objects.get(verb="a.b").actor == "someone@example.org"


@pytest.mark.parametrize("column", ["verb", "words", "actor", "staff", "at", "account"])
def test_the_database_refuses_every_change(cast, column):
    """R-I2: whatever the code does, ORM or not."""
    entry = record(Deed("a.b", "words", account=cast.group.account), actor=cast.alice)
    value = {"staff": True, "at": clock.now()}.get(column, "")
    assert refused(lambda: AuditEntry.objects.update(**{column: value}))
    assert refused(entry.delete)
    with connection.cursor() as cursor:
        assert refused(lambda: cursor.execute("DELETE FROM accounts_auditentry"))
    assert AuditEntry.objects.get(pk=entry.pk).words == "words"


def test_the_purge_takes_what_is_older_than_90_days_and_nothing_else():
    """R-I3: logs are kept for 90 days only."""
    old, young = timedelta(days=90, seconds=1), timedelta(days=89)
    for age in (old, old, young):
        AuditEntry.objects.create(verb="a.b", at=clock.now() - age)
    assert purge(batch=1) == 2
    assert AuditEntry.objects.get().at > clock.now() - timedelta(days=90)
    assert purge() == 0


def test_a_way_for_the_old_lets_no_young_one_through():
    AuditEntry.objects.create(verb="young.one")
    with transaction.atomic():
        AuditOpening.objects.create(purge_before=clock.now() - timedelta(days=90))
        assert refused(AuditEntry.objects.all().delete)
        assert refused(lambda: AuditEntry.objects.update(words="other"))


def test_an_erasure_empties_what_may_name_a_person_and_keeps_the_rest(cast):
    """R-I3: personal data is gone at once, that something was done stays."""
    account = cast.group.account
    record(Deed("a.b", "For Alice", cast.alice, account, "why"), actor=cast.alice)
    record(Deed("staff.searched", "people: q=Alice@example.org"), actor=cast.dana)
    record(Deed("other.one", "Nothing of hers"), actor=cast.charlie)
    assert erase(accounts=[account.pk], texts=[cast.alice.email]) == 2
    emptied = AuditEntry.objects.exclude(verb="other.one")
    assert {(e.actor, e.words, e.account, e.reason) for e in emptied} == {("",) * 4}
    assert {e.verb for e in emptied} == {"a.b", "staff.searched"}
    assert AuditEntry.objects.get(verb="other.one").words == "Nothing of hers"


def test_an_erasure_finds_a_person_by_what_was_done_to_them(cast):
    record(Deed("staff.viewed", "Alice", cast.alice), actor=cast.dana)
    assert erase(people=[cast.alice.pk], texts=[]) == 1


@pytest.mark.parametrize("change", [{"verb": "x"}, {"words": "other"}, {"staff": True}])
def test_even_an_erasure_can_t_reword(change):
    AuditEntry.objects.create(verb="a.b", words="words")
    with transaction.atomic():
        AuditOpening.objects.create(erasing=True)
        assert refused(lambda: AuditEntry.objects.update(**change))


@pytest.mark.django_db(transaction=True)
def test_what_one_transaction_opens_is_open_for_no_other():
    """Until it commits nobody else sees it, and it never commits."""
    purge()
    erase(texts=["x"])
    assert not AuditOpening.objects.exists()
    assert [finding.level for finding in audit.examine()] == [Level.OK]


def test_the_doctor_tells_when_it_could_be_changed():
    """R-J5."""
    AuditOpening.objects.create(erasing=True)
    assert [finding.level for finding in audit.examine()] == [Level.FAIL]
    AuditOpening.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_refuses_update ON accounts_auditentry")
    found = next(iter(audit.examine()))
    assert (found.level, "audit_refuses_update" in found.text) == (Level.FAIL, True)


@pytest.fixture(scope="module")
def sqlite_file(tmp_path_factory) -> Path:
    """A database of its own, by the product's own migrations."""
    file = tmp_path_factory.mktemp("audit") / "db.sqlite3"
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "accounts", "--verbosity", "0"],
        cwd=ROOT,
        env=environment(DATABASE_URL=f"sqlite:///{file}"),
        check=True,
    )
    return file


@pytest.fixture
def sqlite(sqlite_file) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(sqlite_file)
    names = [
        row[1]
        for row in database.execute("PRAGMA table_info(accounts_auditentry)")
        if row[1] not in ("id", "at", "staff", "actor_id", "account_id")
    ]
    columns = ", ".join(("at", "staff", *names))
    values = ", ".join("'words'" for _ in names)
    database.execute(
        f"INSERT INTO accounts_auditentry ({columns}) "  # noqa: S608
        f"VALUES ('2026-01-01 00:00:00', 0, {values})"
    )
    yield database
    database.rollback()
    database.close()


CHANGES = (
    "UPDATE accounts_auditentry SET words = ''",
    "UPDATE accounts_auditentry SET verb = 'x'",
    "DELETE FROM accounts_auditentry",
)


@pytest.mark.parametrize("statement", CHANGES)
def test_sqlite_refuses_too(sqlite, statement):
    """R-I2: installations on one machine are no worse."""
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        sqlite.execute(statement)


@pytest.mark.parametrize(
    ("opening", "passes"),
    [
        ("'2026-01-02 00:00:00', 0", {CHANGES[2]}),
        ("'2025-12-31 00:00:00', 0", set()),
        ("NULL, 1", {CHANGES[0]}),
    ],
)
def test_sqlite_lets_the_same_ways_through(sqlite, opening, passes):
    sqlite.execute(
        "INSERT INTO accounts_auditopening (purge_before, erasing) "  # noqa: S608
        f"VALUES ({opening})"
    )
    for statement in CHANGES:
        sqlite.execute("SAVEPOINT tried")
        if statement in passes:
            assert sqlite.execute(statement).rowcount == 1
        else:
            with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
                sqlite.execute(statement)
        sqlite.execute("ROLLBACK TO tried")
