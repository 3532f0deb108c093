"""The real Bluesky server of the tests: installed from its lock, reached here only."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import requests

from scripts import bluesky_pds, debian, ports
from scripts.console import ROOT

START = ROOT / "tests" / "bluesky_pds" / "start.js"
TROUBLE = bluesky_pds.node_trouble()


@pytest.fixture
def node(tmp_path, monkeypatch):
    """Put a node of some version before everything on the PATH, or none at all."""

    def call(version: str | None) -> None:
        for name in ("node", "npm") if version else ():
            (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path) + (":/bin" if version else ""))

    return call


def test_a_machine_without_node_is_told_what_is_needed(node, capsys):
    node(None)
    bluesky_pds.ensure()
    told = capsys.readouterr().out
    assert "will be skipped: it needs Node 20 or newer with npm" in told


def test_an_old_node_is_told_with_its_version(node):
    node("18.19.0")
    trouble = bluesky_pds.node_trouble()
    assert trouble is not None
    assert "Debian 12 itself ships 18" in trouble
    assert trouble.endswith("and this is 18.19.0")


def test_a_new_node_will_do(node):
    node("22.1.0")
    assert bluesky_pds.node_trouble() is None


@pytest.fixture
def target(tmp_path, monkeypatch, node) -> Path:
    """An empty folder to install into, with a pretended npm that succeeds."""
    node("20.1.0")
    monkeypatch.setenv("BLUESKY_PDS_DIR", str(tmp_path / "pds"))
    monkeypatch.setattr(bluesky_pds, "LOG", tmp_path / "npm.log")
    monkeypatch.setattr(debian, "ensure", lambda tools: None)
    return tmp_path / "pds"


def test_it_is_installed_once_and_again_when_the_lock_changes(target, monkeypatch):
    bluesky_pds.ensure()
    assert bluesky_pds.is_current()
    assert (target / "package-lock.json").exists()
    source = target.parent / "source"
    source.mkdir()
    for name in bluesky_pds.MANIFESTS:
        (source / name).write_text("{}")
    monkeypatch.setattr(bluesky_pds, "SOURCE", source)
    assert not bluesky_pds.is_current()


def test_another_node_wants_it_compiled_anew(target, node):
    bluesky_pds.ensure()
    node("22.1.0")
    assert not bluesky_pds.is_current()


def test_a_failing_npm_is_told_with_the_end_of_its_log(target):
    npm = target.parent / "npm"
    npm.write_text("#!/bin/sh\necho no matching version\nexit 1\n")
    with pytest.raises(SystemExit, match=r"npm failed.* ends:\n +no matching version"):
        bluesky_pds.ensure()
    assert not bluesky_pds.is_current()


Server = tuple[subprocess.Popen[str], dict[str, str]]


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server, and the line it printed when it was ready."""
    env = os.environ | {
        "BLUESKY_PDS_DIR": str(bluesky_pds.folder()),
        "PDS_DIR": str(folder / "data"),
        "PDS_PORT": str(ports.free_port()),
        "PLC_PORT": str(ports.free_port()),
    }
    command = ["node", str(START)]
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield process, json.loads(process.stdout.readline())
        process.terminate()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("pds")) as server:
        yield server


@pytest.mark.pds
@pytest.mark.skipif(TROUBLE is not None, reason=f"no Bluesky server here: {TROUBLE}")
class TestServer:
    def test_it_is_ready_when_it_says_so(self, server):
        _, said = server
        assert said["ready"] is True
        asked = "/xrpc/com.atproto.server.createAccount"
        person = {
            "email": "alice@example.org",
            "handle": "alice.test",
            "password": "correct horse battery staple",
        }
        made = requests.post(said["pds"] + asked, json=person, timeout=30).json()
        assert made["handle"] == "alice.test"
        document = requests.get(f"{said['plc']}/{made['did']}", timeout=30).json()
        assert document["alsoKnownAs"] == ["at://alice.test"]

    def test_it_listens_on_loopback_only(self, server):
        process, _ = server
        listening = {
            connection.laddr.ip
            for connection in psutil.Process(process.pid).net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert listening == {ports.LOOPBACK}

    def test_it_ends_when_it_is_told(self, tmp_path):
        with running(tmp_path) as (process, _):
            process.terminate()
            assert process.wait(10) == 0


def test_it_says_which_setting_is_missing():
    if TROUBLE:
        pytest.skip(f"no Bluesky server here: {TROUBLE}")
    env = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["node", START], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "BLUESKY_PDS_DIR is not set" in done.stderr
