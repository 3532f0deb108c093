"""The real Bluesky server that one test connects to, installed by npm from its lock.

Into .cache/bluesky-pds, or BLUESKY_PDS_DIR. Takes a minute or two the first time: its
database module is compiled.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from scripts import debian
from scripts.console import ROOT, fail, say, short, step, tail

SOURCE = ROOT / "tests" / "bluesky_pds"
MANIFESTS = ("package.json", "package-lock.json")
LOG = ROOT / "var" / "log" / "npm.log"
NODE_NEEDED = 20


def folder() -> Path:
    given = os.environ.get("BLUESKY_PDS_DIR")
    return Path(given).resolve() if given else ROOT / ".cache" / "bluesky-pds"


def node_trouble() -> str | None:
    """Why the server can't run here; None when it can."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return f"it needs Node {NODE_NEEDED} or newer with npm, and there is none"
    version = _node(node, "process.versions.node")
    if int(version.split(".")[0]) < NODE_NEEDED:
        return (
            f"it needs Node {NODE_NEEDED} or newer (the Bluesky packages say so; "
            f"Debian 12 itself ships 18), and this is {version}"
        )
    return None


def ensure() -> None:
    """Install it if the lock or Node changed since; say so where it can't be had."""
    if trouble := node_trouble():
        say(f"The tests with a real Bluesky server will be skipped: {trouble}.")
        return
    if not is_current():
        debian.ensure([debian.COMPILER])
        with step("Installing a Bluesky server for the tests (1 to 3 minutes)"):
            _install()


def is_current() -> bool:
    stamp = folder() / "stamp"
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _fingerprint()


def _fingerprint() -> str:
    """The lock, and the interface of Node that the compiled module is bound to."""
    node = shutil.which("node")
    assert node
    abi = _node(node, "process.versions.modules")
    texts = [(SOURCE / name).read_bytes() for name in MANIFESTS]
    return hashlib.sha256(b"".join(texts) + abi.encode()).hexdigest()


def _node(program: str, expression: str) -> str:
    command = [program, "--print", expression]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return result.stdout.strip()


def _install() -> None:
    target = folder()
    target.mkdir(parents=True, exist_ok=True)
    (target / "stamp").unlink(missing_ok=True)
    for name in MANIFESTS:
        shutil.copy(SOURCE / name, target / name)
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        done = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund"],
            cwd=target,
            env={**os.environ, **_headers()},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        fail(f"npm failed. {short(LOG)} ends:\n{tail(LOG)}")
    (target / "stamp").write_text(_fingerprint(), encoding="utf-8")


def _headers() -> dict[str, str]:
    """Compile against the machine's own Node headers where they lie beside node."""
    node = shutil.which("node")
    assert node
    prefix = Path(node).resolve().parent.parent
    has_headers = (prefix / "include" / "node" / "node.h").exists()
    return {"npm_config_nodedir": str(prefix)} if has_headers else {}
