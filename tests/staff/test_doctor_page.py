"""The doctor's page: for operations, each part by itself and within seconds (R-J5)."""

from __future__ import annotations

import time

import pytest
from django.db import connection

from core import doctor
from core.doctor import Level, ok
from support.rights import Kind
from support.views import doctor as view
from tests.staff.conftest import last

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_cache")]
HX = {"HX-Request": "true"}


def test_the_page_asks_nothing_by_itself(operations, monkeypatch):
    asked = []
    monkeypatch.setattr(doctor, "_parts", {"one": lambda: asked.append(1) or []})
    page = operations.get("/admin/doctor/")
    assert (page.status_code, asked) == (200, [])
    assert b'hx-get="/admin/doctor/one/"' in page.content
    assert last().verb == "staff.asked_doctor"


def test_a_part_is_told_with_the_next_step(operations):
    answer = operations.get("/admin/doctor/publisher/", headers=HX)
    text = answer.content.decode()
    assert "<html" not in text
    assert 'data-level="fail"' in text and "Start one" in text


def test_without_scripts_a_part_is_a_page(operations):
    page = operations.get("/admin/doctor/services/")
    assert b"<html" in page.content and b"Database." in page.content


def test_every_part_answers(operations, settings, live_server):
    settings.BASE_URL = live_server.url
    for name in doctor.parts():
        answer = operations.get(f"/admin/doctor/{name}/", headers=HX)
        assert (answer.status_code, name) == (200, name)


def test_a_part_that_isn_t_there_is_404(operations):
    assert operations.get("/admin/doctor/nonsense/").status_code == 404


@pytest.mark.parametrize("kind", [Kind.SUPPORT, Kind.ONBOARDING, Kind.AUDITOR])
def test_it_is_for_operations_only(staff, kind):
    for page in ("/admin/doctor/", "/admin/doctor/services/"):
        assert staff(kind).get(page).status_code == 403


def test_a_database_that_hangs_costs_seconds_not_the_page(operations, monkeypatch):
    """Each part is bounded."""

    def slow():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")
        return [ok("slow", "Fine.")]

    monkeypatch.setattr(doctor, "_parts", {"slow": slow})
    monkeypatch.setattr(view, "PART_S", 0.3)
    started = time.monotonic()
    text = operations.get("/admin/doctor/slow/", headers=HX).content.decode()
    assert "The database can&#x27;t be asked" in text
    assert time.monotonic() - started < 10


def test_the_bound_is_for_pages_not_for_terminals(monkeypatch):
    seen = []

    def look():
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            seen.append(cursor.fetchone()[0])
        return [ok("x", "")]

    monkeypatch.setattr(doctor, "_parts", {"x": look})
    assert doctor.examine()["x"][0].level == Level.OK
    doctor.examine(within_s=2)
    assert seen == ["0", "2s"]
