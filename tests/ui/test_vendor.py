"""The vendored files are what was fetched, and the script notices when not."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from scripts import vendor
from scripts.vendored import ICONS, PACKAGES, Package
from tests.ui.sources import ROOT

DEMO = Package("demo", "1.0.0", {"dist/demo.js": "static/vendor/demo/demo.js"})


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own, with one vendored file."""
    folder = tmp_path / "static" / "vendor"
    (folder / "demo").mkdir(parents=True)
    monkeypatch.setattr(vendor, "ROOT", tmp_path)
    monkeypatch.setattr(vendor, "MANIFEST", folder / "manifest.json")
    monkeypatch.setattr(vendor, "VENDOR_DIRS", (folder,))
    monkeypatch.setattr(vendor, "PACKAGES", (DEMO,))
    monkeypatch.setattr(vendor, "_vendor_icons", lambda _: {"name": "i", "files": []})
    return tmp_path


def fake_npm(folder: Path, monkeypatch: pytest.MonkeyPatch, integrity: str) -> None:
    """An npm on PATH that packs one file, as the real client's output describes it."""
    archive = folder / "demo.tgz"
    files = {
        "package.json": b'{"license": "MIT"}',
        "LICENSE": b"MIT",
        "dist/demo.js": b"let a;\n//# sourceMappingURL=demo.js.map\n",
    }
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    answer = json.dumps([{"filename": "demo.tgz", "integrity": integrity}])
    script = f"#!/bin/sh\ncp {archive} \"$5\"\necho '{answer}'\n"
    (folder / "npm").write_text(script)
    (folder / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")


def test_the_shipped_files_match_the_manifest() -> None:
    assert vendor.check() == []


def test_the_check_runs_as_a_command() -> None:
    command = [sys.executable, "scripts/vendor.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_manifest_names_version_and_licence_of_every_package() -> None:
    entries = json.loads(vendor.MANIFEST.read_text())["packages"]
    versions = {entry["name"]: entry["version"] for entry in entries}
    assert {p.name: p.version for p in PACKAGES}.items() <= versions.items()
    assert all(entry["licence"] and entry["integrity"] for entry in entries)


def test_every_package_ships_with_its_licence_text() -> None:
    for entry in json.loads(vendor.MANIFEST.read_text())["packages"]:
        assert any("LICENSE" in row["path"] for row in entry["files"]), entry["name"]


def test_the_sprite_holds_exactly_the_listed_icons() -> None:
    assert vendor.sprite_icons() == set(ICONS)


def test_fetching_writes_files_licence_and_manifest(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_npm(tmp_path, monkeypatch, "sha512-one")
    assert vendor.fetch() == []
    demo = repo / "static/vendor/demo"
    assert (demo / "demo.js").read_text() == "let a;\n"
    assert (demo / "LICENSE").read_text() == "MIT"


def test_a_changed_file_is_noticed(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_npm(tmp_path, monkeypatch, "sha512-one")
    vendor.fetch()
    (repo / "static/vendor/demo/demo.js").write_text("let evil;")
    (problem,) = vendor.check()
    assert problem.startswith("static/vendor/demo/demo.js: missing or changed")


def test_a_file_nobody_listed_is_noticed(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_npm(tmp_path, monkeypatch, "sha512-one")
    vendor.fetch()
    (repo / "static/vendor/stray.js").write_text("let stray;")
    assert vendor.check() == ["static/vendor/stray.js: not in the manifest"]


def test_a_version_whose_content_changed_is_refused(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_npm(tmp_path, monkeypatch, "sha512-one")
    vendor.fetch()
    fake_npm(tmp_path, monkeypatch, "sha512-two")
    assert vendor.fetch() == ["demo@1.0.0 differs from what was vendored before"]
    assert vendor.check() == []
