"""Fetch the browser libraries we ship, or check that they are what we fetched.

python scripts/vendor.py           fetch with the npm client, write the manifest
python scripts/vendor.py --check   verify every hash, without network
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.vendored import ICON_PACKAGE, ICON_SPRITE, ICONS, PACKAGES, Package

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "static" / "vendor" / "manifest.json"
VENDOR_DIRS = (ROOT / "static" / "vendor", ROOT / "tests" / "support" / "vendor")

MIT = """MIT License

Copyright (c) {holder}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


class VendorError(Exception):
    """A package or a file is not what the manifest or the list says."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="verify, fetch nothing")
    problems = check() if parser.parse_args().check else fetch()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def fetch() -> list[str]:
    """Fetch every package anew and write the manifest; return what went wrong."""
    entries = []
    with tempfile.TemporaryDirectory() as scratch:
        try:
            for package in PACKAGES:
                entries.append(_vendor(package, Path(scratch)))
            entries.append(_vendor_icons(Path(scratch)))
        except VendorError as error:
            return [str(error)]
    MANIFEST.write_text(json.dumps({"packages": entries}, indent=2) + "\n")
    return check()


def check() -> list[str]:
    """Compare the files on disk with the manifest, both ways."""
    listed = {
        row["path"]: row["sha256"]
        for entry in json.loads(MANIFEST.read_text())["packages"]
        for row in entry["files"]
    }
    problems = [
        f"{path}: missing or changed since it was vendored"
        for path, digest in listed.items()
        if not (ROOT / path).is_file() or _sha256(ROOT / path) != digest
    ]
    return problems + [f"{path}: not in the manifest" for path in _on_disk(listed)]


def sprite_icons() -> set[str]:
    """Names of the icons in the shipped sprite."""
    return set(re.findall(r'<symbol id="([^"]+)"', (ROOT / ICON_SPRITE).read_text()))


def _on_disk(listed: dict[str, str]) -> list[str]:
    paths = (path for folder in VENDOR_DIRS for path in sorted(folder.rglob("*")))
    names = (p.relative_to(ROOT).as_posix() for p in paths if p.is_file())
    own = MANIFEST.relative_to(ROOT).as_posix()
    return [name for name in names if name not in listed and name != own]


def _vendor(package: Package, scratch: Path) -> dict[str, Any]:
    archive, integrity = _pack(package, scratch)
    for source, target in package.files.items():
        _write(target, _strip_map(_member(archive, source)))
    paths = [*package.files.values(), *_write_licences(package, archive)]
    return _entry(package, archive, integrity, paths)


def _vendor_icons(scratch: Path) -> dict[str, Any]:
    archive, integrity = _pack(ICON_PACKAGE, scratch)
    symbols = "\n".join(_symbol(archive, name) for name in sorted(set(ICONS)))
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    _write(ICON_SPRITE, sprite.encode())
    paths = [ICON_SPRITE, _write_licence("LICENSE", archive, ICON_SPRITE)]
    return _entry(ICON_PACKAGE, archive, integrity, paths)


def _symbol(archive: Path, name: str) -> str:
    svg = _member(archive, f"icons/{name}.svg").decode()
    found = re.search(r'viewBox="([^"]+)"[^>]*>(.*)</svg>', svg, re.DOTALL)
    if found is None:
        raise VendorError(f"icons/{name}.svg has an unexpected shape")
    box, shapes = found.groups()
    inner = re.sub(r"\s*\n\s*", "", shapes)
    return f'<symbol id="{name}" viewBox="{box}">{inner}</symbol>'


def _pack(package: Package, scratch: Path) -> tuple[Path, str]:
    """Download one package; refuse it if a known version has changed its content."""
    spec = f"{package.name}@{package.version}"
    command = ["npm", "pack", spec, "--json", "--pack-destination", str(scratch)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise VendorError(f"npm pack {spec} failed:\n{done.stderr}")
    packed = json.loads(done.stdout)[0]
    integrity = str(packed["integrity"])
    known = _known_integrity(package)
    if known and known != integrity:
        raise VendorError(f"{spec} differs from what was vendored before")
    return scratch / str(packed["filename"]), integrity


def _known_integrity(package: Package) -> str:
    if not MANIFEST.exists():
        return ""
    for entry in json.loads(MANIFEST.read_text())["packages"]:
        if (entry["name"], entry["version"]) == (package.name, package.version):
            return str(entry["integrity"])
    return ""


def _member(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as tar:
        try:
            file = tar.extractfile(f"package/{name}")
        except KeyError:
            file = None
        if file is None:
            raise VendorError(f"{archive.name} has no {name}")
        return file.read()


def _strip_map(content: bytes) -> bytes:
    # We ship no source maps, and a dangling reference breaks hashed static files.
    return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", content)


def _write_licences(package: Package, archive: Path) -> list[str]:
    target = next(iter(package.files.values()))
    if package.mit_holder:
        path = str(PurePosixPath(target).parent / "LICENSE")
        _write(path, MIT.format(holder=package.mit_holder).encode())
        return [path]
    return [_write_licence(name, archive, target) for name in package.licence_files]


def _write_licence(name: str, archive: Path, beside: str) -> str:
    path = str(PurePosixPath(beside).parent / name)
    _write(path, _member(archive, name))
    return path


def _write(path: str, content: bytes) -> None:
    target = ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _entry(
    package: Package, archive: Path, integrity: str, paths: Iterable[str]
) -> dict[str, Any]:
    described = json.loads(_member(archive, "package.json"))
    return {
        "name": package.name,
        "version": package.version,
        "licence": described["license"],
        "integrity": integrity,
        "files": [{"path": path, "sha256": _sha256(ROOT / path)} for path in paths],
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
