"""Makefile, README and CI say the same."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.console import ROOT
from tests.tooling.tools import bare_env

TARGETS = {
    "demo",
    "test",
    "check",
    "bench",
    "bench-publish",
    "chaos",
    "setup",
    "lock",
    "fmt",
    "clean",
    "help",
}


def make(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *words],
        cwd=ROOT,
        env=bare_env(**env),
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_target_is_listed_with_what_it_does():
    shown = make("help").stdout
    assert set(re.findall(r"^([a-z-]+) +\S", shown, re.MULTILINE)) == TARGETS


def test_every_target_runs_a_script_that_exists():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    modules = re.findall(r"-m scripts\.(\w+)", text)
    assert len(modules) == len(TARGETS) - 1
    assert not [name for name in modules if not (ROOT / f"scripts/{name}.py").exists()]


def test_the_first_commands_of_the_readme_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"\bmake ([a-z]+)", readme)
    assert commands[:2] == ["demo", "test"]
    assert set(commands) <= TARGETS


def test_a_machine_without_a_fitting_python_is_told(tmp_path):
    for name in ("python3", "python3.11", "python3.12"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    copy = shutil.copy(ROOT / "Makefile", tmp_path)
    done = make("-C", str(tmp_path), "-f", copy, "setup", PATH=f"{tmp_path}:/usr/bin")
    assert done.returncode == 2
    assert "needs Python 3.11 or 3.12" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


@pytest.fixture
def ci(tmp_path):
    """Run .ci/run with a `make` that notes its words and fails as told."""
    notes = tmp_path / "notes"
    stub = tmp_path / "make"
    stub.write_text(f'#!/bin/sh\necho "$1" >>{notes}\n[ "$1" != "$FAIL" ]\n')
    stub.chmod(0o755)

    def call(fail: str = "nothing") -> tuple[int, list[str]]:
        path = f"{tmp_path}:{os.environ['PATH']}"
        done = subprocess.run(
            [ROOT / ".ci" / "run"],
            cwd="/",
            env=bare_env(PATH=path, FAIL=fail, CI="true"),
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return done.returncode, notes.read_text().split()

    return call


def test_ci_checks_and_runs_the_whole_suite(ci):
    assert ci() == (0, ["check", "test"])


@pytest.mark.parametrize("step", ["check", "test"])
def test_ci_fails_with_either_but_runs_both(ci, step):
    assert ci(fail=step) == (1, ["check", "test"])


def test_ci_can_be_run_as_a_program():
    script = Path(ROOT / ".ci" / "run")
    assert os.access(script, os.X_OK)
    assert "set -eu" in script.read_text(encoding="utf-8")


def test_what_tools_make_is_not_committed():
    made = [".venv/x", "var/demo/x", ".cache/bluesky-pds/x", ".env", "a/__pycache__/x"]
    command = ["git", "check-ignore", *made]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == made
