"""`make check`: every step runs, each is told, one failure fails the whole."""

from __future__ import annotations

import sys

import pytest

from scripts import check, throwaway_settings
from scripts.check import Check
from scripts.console import ROOT
from tests.tooling.tools import run_module

FINE = Check("fine", [sys.executable, "-c", "print('all well')"])
BROKEN = Check("broken", [sys.executable, "-c", "print('line 7'); raise SystemExit(2)"])


def test_all_run_though_one_fails_and_each_is_told(capsys):
    assert not check.run_all([BROKEN, FINE], 1)
    told = capsys.readouterr().out
    assert "broken               FAILED" in told
    assert "    line 7" in told
    assert "fine                 ok" in told
    assert "all well" not in told


def test_all_well_passes():
    assert check.run_all([FINE, FINE], 2)


def test_every_promised_check_is_there():
    commands = [" ".join(step.command) for step in check.checks()]
    for words in (
        "ruff format --check",
        "ruff check",
        "mypy",
        "lint-imports",
        "manage.py check --deploy --fail-level WARNING",
        "manage.py makemigrations --check",
        "vendor.py --check",
    ):
        assert any(words in command for command in commands), words


def test_settings_are_made_up_anew_each_time():
    one, other = throwaway_settings.production(), throwaway_settings.production()
    assert one["SECRET_KEY"] != other["SECRET_KEY"]
    assert one["TOKEN_KEYS"] != other["TOKEN_KEYS"]
    assert (one["DEMO"], one["DEBUG"], one["PLATFORM_GATEWAY"]) == ("0", "0", "")


@pytest.mark.parametrize(("code", "expected"), [("raise SystemExit(3)", 3), ("", 0)])
def test_a_command_runs_with_throwaway_settings(code, expected):
    words = [sys.executable, "-c", f"import os; os.environ['SECRET_KEY']; {code}"]
    done = run_module(ROOT, "scripts.throwaway_settings", *words)
    assert done.returncode == expected, done.stderr
