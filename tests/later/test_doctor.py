"""`manage.py doctor` as an operator and as a monitor calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from core import clock
from publishing.models import Heartbeat
from tests.support.worker import environment

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db


def doctor(*words: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("doctor", *words, stdout=out, no_color=True)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def alive():
    for name, slots in (("tick", 0), ("worker:one", 46)):
        Heartbeat.objects.create(name=name, seen_at=clock.now(), slots=slots)


def test_all_is_well_and_the_exit_code_says_so(alive, live_server, settings):
    """R-J5: one command; every app's part is there."""
    settings.BASE_URL = live_server.url
    code, text = doctor()
    assert code == 0, text
    for part in ("services", "platforms", "publisher"):
        assert f"\n{part}\n" in f"\n{text}"
    assert "fail" not in text


def test_a_failure_names_the_next_step_and_ends_with_1():
    code, text = doctor("publisher")
    assert code == 1
    assert "fail  workers" in text
    assert "→ Start one" in text


def test_programs_get_json(alive):
    code, text = doctor("publisher", "--json")
    said = json.loads(text)
    assert (code, list(said["parts"])) == (0, ["publisher"])
    levels = {one["name"]: one["level"] for one in said["parts"]["publisher"]}
    assert levels["tick"] == levels["workers"] == "ok"
    assert said["status"] == "warn"


def test_a_gateway_is_pointed_out(alive, settings):
    settings.PLATFORM_GATEWAY = "http://127.0.0.1:9000"
    code, text = doctor("services")
    assert (code, "a sandbox" in text) == (0, True)


def test_an_unknown_part_is_refused():
    done = run("doctor", "nonsense", DATABASE_URL=environment()["DATABASE_URL"])
    assert done.returncode not in (0, 1)
    assert "invalid choice" in done.stderr


def test_without_a_database_it_still_speaks():
    """That is when it is needed most."""
    done = run("doctor", DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "Unreachable" in done.stdout
    assert "Traceback" not in done.stderr


def run(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(**env),
        capture_output=True,
        text=True,
        check=False,
    )
