"""The product runs with few rights in the database (ASVS V13.2.2, docs/operations.md)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.audit import AuditEntry, Deed, examine, record
from accounts.models import User
from notifications.actions import notify
from notifications.models import Notice
from scripts.console import ROOT

pytestmark = pytest.mark.django_db
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ROLE = f"later_app_{os.getpid()}"


def statements() -> list[str]:
    """As the page has them, for a role that this test's transaction takes away again."""
    found = re.search(r"```sql\n(.*?CREATE ROLE later_app.*?)```", PAGE, re.DOTALL)
    assert found, "docs/operations.md tells how the role is made"
    lines = [line.split("--")[0].strip() for line in found[1].splitlines()]
    text = " ".join(lines).replace("later_app", ROLE)
    return [each.strip() for each in text.split(";") if each.strip()]


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def few_rights(cast) -> Iterator[None]:
    """Everything from here on is done as that role."""
    for sql in statements():
        run(sql)
    run(f"SET ROLE {ROLE}")
    yield
    run("RESET ROLE")


def test_all_that_the_product_does_works(few_rights, cast):
    notice = notify(user=cast.bob, code="x", title="T", text="t", path="/")
    Notice.objects.filter(pk=notice.pk).update(title="U")
    record(Deed("test.done"), actor=cast.alice)
    notice.delete()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=cast.bob.pk)
    assert AuditEntry.objects.latest("id").verb == "test.done"
    assert [each.level for each in examine()] == ["ok"]


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE accounts_auditentry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_refuses_delete ON accounts_auditentry",
        "TRUNCATE accounts_auditentry",
        "DROP TABLE accounts_auditentry",
        "ALTER TABLE accounts_user ADD COLUMN x int",
        "CREATE TABLE mine (x int)",
        "CREATE ROLE another",
        "COPY accounts_user TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_what_it_never_does_is_refused(few_rights, sql):
    """R-I2: not even our own process, taken over, can open the audit trail."""
    refused = pytest.raises(ProgrammingError, match=r"permission denied|must be")
    with refused, transaction.atomic():
        run(sql)
