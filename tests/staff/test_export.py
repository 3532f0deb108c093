"""The audit trail as a file: whole, by days and account, without formulas (R-J6, R-I5)."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from accounts.audit import AuditEntry, Deed, record
from core import clock
from tests.staff.conftest import last, verbs

pytestmark = pytest.mark.django_db


def export(client, **asked):
    today = clock.now().date().isoformat()
    days = {"since": today, "until": today, "form": "csv", **asked}
    return client.get(reverse("admin:audit_export"), days)


def body(answer) -> str:
    return b"".join(answer.streaming_content).decode()


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(answer))))


def test_every_column_is_told_in_csv(auditor, cast):
    """Issue 5: exportable; who, what, whose, when, why, from where."""
    deed = Deed("plan.changed", "Free to Team", cast.group, cast.group.account, "Why")
    entry = record(deed, actor=cast.alice)
    answer = export(auditor)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-')
    told = next(row for row in rows(answer) if row["id"] == str(entry.pk))
    assert told["actor"] == "alice@example.org" and told["reason"] == "Why"
    assert told["account_id"] == str(cast.group.account_id)
    assert datetime.fromisoformat(told["at"]) == entry.at
    assert set(told) == {field.name for field in AuditEntry._meta.concrete_fields}


def test_json_is_one_list_that_programs_read(auditor, cast):
    entry = record(Deed("a.b", 'quotes " and ünïcode'), actor=cast.alice)
    told = json.loads(body(export(auditor, form="json")))
    mine = next(each for each in told if each["id"] == entry.pk)
    assert mine["words"] == 'quotes " and ünïcode'
    assert mine["actor_id"] == str(cast.alice.pk)


def test_no_days_no_rows(auditor):
    answer = export(auditor, form="json", since="2020-01-01", until="2020-01-02")
    assert json.loads(body(answer)) == []


@pytest.mark.parametrize(
    "words", ["=cmd|'/c calc'!A1", "+1+1", "-2", "@SUM(A1)", "\t=1"]
)
def test_no_cell_is_a_formula(auditor, words):
    """R-I5: what a customer or a caller writes is text when a spreadsheet opens it."""
    AuditEntry.objects.create(verb="a.b", words=words, reason=words, agent=words)
    told = next(row for row in rows(export(auditor)) if row["verb"] == "a.b")
    assert {told["words"], told["reason"], told["agent"]} == {f"'{words}"}


def test_days_are_counted_in_on_both_ends(auditor):
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    moments = {
        "before": today - timedelta(microseconds=1),
        "first": today,
        "last": today + timedelta(days=1) - timedelta(microseconds=1),
        "after": today + timedelta(days=1),
    }
    for verb, at in moments.items():
        AuditEntry.objects.create(verb=verb, at=at)
    told = {row["verb"] for row in rows(export(auditor))}
    assert told & moments.keys() == {"first", "last"}


def test_one_accounts_rows_only(auditor, cast):
    for group in (cast.group, cast.charlies_group):
        record(Deed("a.b", account=group.account), actor=cast.alice)
    asked = str(cast.group.account_id)
    assert {row["account_id"] for row in rows(export(auditor, account=asked))} == {
        asked
    }


@pytest.mark.parametrize(
    "asked",
    [
        {"since": ""},
        {"until": "yesterday"},
        {"since": "2026-02-02", "until": "2026-02-01"},
        {"account": "no id"},
        {"form": "xlsx"},
    ],
)
def test_nonsense_is_told_and_exports_nothing(auditor, asked):
    answer = export(auditor, **asked)
    assert answer["Location"] == "/admin/accounts/auditentry/"
    assert "audit.exported" not in verbs()


def test_the_export_is_an_act_itself(auditor):
    """R-I2."""
    export(auditor)
    assert last().verb == "audit.exported"
    assert last().words.endswith("as csv")


def test_a_large_trail_is_read_in_batches(auditor, django_assert_max_num_queries):
    AuditEntry.objects.bulk_create(
        AuditEntry(verb="many.one", words="w" * 100) for _ in range(4_100)
    )
    with django_assert_max_num_queries(12):
        told = body(export(auditor)).count("many.one")
    assert told == 4_100


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1970-01-01"])
def test_days_beyond_reach_are_refused_in_words(auditor, day):
    answer = export(auditor, since=day, until=day)
    assert answer["Location"] == "/admin/accounts/auditentry/"
    assert "audit.exported" not in verbs()
