"""The import contracts hold, and would notice a breach."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.console import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINTER = PROJECT["tool"]["importlinter"]
PACKAGES = LINTER["root_packages"]
CONTRACTS = {contract["name"]: contract for contract in LINTER["contracts"]}
NOT_PRODUCT = {"scripts", "benchmarks", "tests"}

BREACHES = {
    "an app looks up": ("accounts/looks_up.py", "import publishing.models"),
    "the same inside a function": (
        "accounts/looks_up.py",
        "def late():\n    import publishing.models",
    ),
    "Django in an adapter": ("platforms/telegram/orm.py", "import django"),
    "requests outside the one door": ("profiles/fetch.py", "import requests"),
    "a model that knows a view": ("media/models.py", "import media.views"),
    "an adapter that knows another": (
        "platforms/telegram/sibling.py",
        "import platforms.instagram",
    ),
    "the sandbox borrows from an adapter": (
        "sandbox/borrowed.py",
        "import platforms.types",
    ),
    "the product leans on the sandbox": ("core/double.py", "import sandbox.state"),
    "the registry behind somebody's back": (
        "notifications/all.py",
        "import platforms.registry",
    ),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def joined(text: str) -> str:
    """Long lines of the report are broken at blanks."""
    return " ".join(text.split())


def test_every_contract_is_kept():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory) -> Path:
    """The product's Python files; what is imported need not run."""
    target = tmp_path_factory.mktemp("skeleton")
    shutil.copy(ROOT / "pyproject.toml", target)
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*.py"):
            copy = target / source.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    (target / "media" / "views.py").touch()
    return target


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_reported(breach, skeleton):
    name, code = BREACHES[breach]
    file = skeleton / name
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\n{code}\n", encoding="utf-8")
    try:
        done = lint(skeleton)
    finally:
        file.unlink() if before is None else file.write_text(before, encoding="utf-8")
    assert done.returncode == 1, done.stdout
    module = name.removesuffix(".py").replace("/", ".")
    assert f"- {module} -> {code.rpartition(' ')[2]}" in joined(done.stdout)


def test_no_package_of_the_product_is_left_out():
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert found - NOT_PRODUCT == set(PACKAGES)


def test_no_platform_is_left_out():
    folders = {path.parent.name for path in ROOT.glob("platforms/*/adapter.py")}
    listed = CONTRACTS["Platform folders do not know each other"]["modules"]
    assert {f"platforms.{name}" for name in folders} == set(listed)


@pytest.mark.parametrize(
    "name", ["One door to the network", "Nothing depends on the simulators"]
)
def test_contracts_on_everybody_name_everybody(name):
    assert set(CONTRACTS[name]["source_modules"]) == set(PACKAGES) - {"sandbox"}
