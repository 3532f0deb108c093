"""Setting up: locked packages into .venv, once, and again when the lock changes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts import debian, setup
from scripts.console import ROOT
from tests.tooling.tools import copy_of_tools, run_module


def entry(package: str) -> str:
    """The lines of one package in the real lock."""
    lock = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    found = re.search(rf"^{package}==.*?(?=^\S)", lock, re.MULTILINE | re.DOTALL)
    assert found
    return found[0]


def base_python() -> str:
    """The interpreter below our environment, as on a machine without one."""
    return str(Path(sys.base_prefix) / "bin" / "python3")


def own_python(checkout: Path) -> str:
    return str(checkout / ".venv" / "bin" / "python")


def packages(checkout: Path) -> set[str]:
    shown = subprocess.run(
        [own_python(checkout), "-m", "pip", "list", "--format=json"],
        capture_output=True,
        check=True,
    )
    return {package["name"] for package in json.loads(shown.stdout)}


@dataclass(frozen=True)
class FirstRun:
    checkout: Path
    done: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def first_run(tmp_path_factory) -> FirstRun:
    """Set up from nothing, with locks of small packages: the way is the same."""
    target = copy_of_tools(tmp_path_factory.mktemp("first"))
    (target / "requirements" / "demo.txt").write_text(entry("tzdata"))
    (target / "requirements" / "dev.txt").write_text(
        entry("tzdata") + entry("sqlparse")
    )
    return FirstRun(
        target, run_module(target, "scripts.setup", "dev", python=base_python())
    )


@pytest.fixture
def checkout(first_run, tmp_path) -> Path:
    """A copy of the folder as the first run left it."""
    shutil.copytree(first_run.checkout, tmp_path / "checkout", symlinks=True)
    return tmp_path / "checkout"


def set_up(checkout: Path, group: str) -> subprocess.CompletedProcess[str]:
    return run_module(checkout, "scripts.setup", group, python=own_python(checkout))


def test_first_run_installs_and_says_what_it_does(first_run):
    assert first_run.done.returncode == 0, first_run.done.stderr
    assert "2 packages from requirements/dev.txt … " in first_run.done.stdout
    assert {"tzdata", "sqlparse"} <= packages(first_run.checkout)


def test_second_run_takes_well_under_a_second(checkout):
    again = set_up(checkout, "demo")
    assert again.returncode == 0
    # What it counts itself: starting Python on a busy machine is not its doing.
    took = re.search(r"Set up \((.+) s\)", again.stdout)
    assert took and float(took[1]) < 0.5
    assert "Installer" not in again.stdout


def test_changed_lock_is_installed_and_what_it_dropped_goes(checkout):
    (checkout / "requirements" / "dev.txt").write_text(entry("tzdata"))
    assert set_up(checkout, "dev").returncode == 0
    assert "sqlparse" not in packages(checkout)


def test_pip_does_it_where_uv_is_not_to_be_had(checkout):
    bootstrap = checkout / "requirements" / "bootstrap.txt"
    bootstrap.write_text(f"uv==0.0.0 --hash=sha256:{'0' * 64}\n")
    (checkout / "requirements" / "dev.txt").write_text(entry("six"))
    done = set_up(checkout, "dev")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "installing with pip" in done.stdout
    assert "six" in packages(checkout)


def test_wrong_hash_is_refused_with_the_end_of_the_log(checkout):
    lock = checkout / "requirements" / "dev.txt"
    lock.write_text(re.sub(r"sha256:\w+", f"sha256:{'0' * 64}", entry("six")))
    done = set_up(checkout, "dev")
    assert done.returncode == 1
    assert "Setting up failed. var/log/setup.log ends:" in done.stderr
    assert "hash" in done.stderr.lower()


@pytest.fixture
def stamped(tmp_path, monkeypatch):
    """Pretend that the group was installed from the locks as they are."""
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(setup, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(setup, "VENV_PYTHON", python)

    def stamp(group: str, **changed: str) -> None:
        facts = setup._stamp_for(group) | changed
        setup.STAMP.write_text(json.dumps(facts))

    return stamp


def test_the_wider_group_serves_the_narrower(stamped):
    stamped("dev")
    assert setup.is_current("demo")
    assert setup.is_current("dev")


def test_the_narrower_group_does_not_serve_the_wider(stamped):
    stamped("demo")
    assert setup.is_current("demo")
    assert not setup.is_current("dev")


@pytest.mark.parametrize("changed", [{"lock": "another"}, {"python": "3.11.0"}])
def test_another_lock_or_python_is_not_current(stamped, changed):
    stamped("dev", **changed)
    assert not setup.is_current("dev")


def test_the_demo_never_narrows_what_the_tests_installed(stamped):
    stamped("dev", lock="another")
    assert setup._widest("demo") == "dev"


def test_missing_ensurepip_is_told_with_debians_package(monkeypatch):
    monkeypatch.setenv("LATER_NO_INSTALL", "1")
    monkeypatch.setattr(setup, "VENV", Path("elsewhere"))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        setup._make_environment()


def test_unknown_group_is_refused():
    done = run_module(ROOT, "scripts.setup", "everything")
    assert done.returncode == 1
    assert "one of demo, dev" in done.stderr


def test_debian_installs_only_what_is_missing(monkeypatch):
    installed: list[str] = []
    monkeypatch.setattr(debian, "may_install", lambda: True)
    monkeypatch.setattr(debian, "install", installed.extend)
    missing = debian.Tool("Redis", "redis-server", lambda: bool(installed))
    debian.ensure([debian.Tool("Python", "python3", lambda: True), missing])
    assert installed == ["redis-server"]


def test_a_package_without_its_program_is_told(monkeypatch):
    monkeypatch.setattr(debian, "may_install", lambda: True)
    monkeypatch.setattr(debian, "install", lambda packages: None)
    with pytest.raises(SystemExit, match="there is still no Redis"):
        debian.ensure([debian.Tool("Redis", "redis-server", lambda: False)])


def test_nobody_but_root_is_told_to_use_sudo(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    wanted = "sudo apt-get update && sudo apt-get install redis-server"
    assert debian.command_for(["redis-server"]) == wanted


@pytest.fixture
def machine(monkeypatch) -> set[str]:
    """What is installed; apt-get puts there what it is asked for."""
    there: set[str] = set()

    def run(*words: str) -> bool:
        there.add(words[-1])
        return True

    monkeypatch.setattr(debian, "may_install", lambda: True)
    monkeypatch.setattr(debian, "_run", run)
    return there


def tool(machine: set[str], name: str) -> debian.Tool:
    return debian.Tool(name, name, lambda: name in machine)


def test_the_better_tool_is_installed_where_that_is_possible(machine):
    debian.prefer(tool(machine, "better"), tool(machine, "usual"))
    assert machine == {"update", "better"}


def test_a_better_tool_that_is_there_is_left_alone(machine):
    machine.add("better")
    debian.prefer(tool(machine, "better"), tool(machine, "usual"))
    assert machine == {"better"}


@pytest.mark.parametrize("there", [set(), {"usual"}])
def test_where_debian_has_no_better_one_the_usual_one_does(machine, monkeypatch, there):
    machine.update(there)
    monkeypatch.setattr(debian, "_run", lambda *words: False)
    monkeypatch.setattr(debian, "install", machine.update)
    debian.prefer(tool(machine, "better"), tool(machine, "usual"))
    assert machine == {"usual"}


def test_where_nothing_may_be_installed_nothing_is_tried(machine, monkeypatch):
    machine.add("usual")
    monkeypatch.setattr(debian, "may_install", lambda: False)
    debian.prefer(tool(machine, "better"), tool(machine, "usual"))
    assert machine == {"usual"}
