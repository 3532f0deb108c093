"""The demo as a whole, started by its command: pages, data, and a clean end."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from benchmarks import process_tree
from benchmarks.demo_process import Browser, DemoProcess
from scripts import ports
from scripts.console import ROOT
from tests.tooling.test_processes import until
from tests.tooling.tools import bare_env

pytestmark = pytest.mark.services

Start = Callable[[], DemoProcess]


def begin(folder: Path) -> DemoProcess:
    """Start a demo on a free port and wait for its welcome."""
    env = bare_env(DEMO_DIR=str(folder), PORT=str(ports.free_port()))
    command = [sys.executable, "-m", "scripts.demo"]
    demo = DemoProcess(command, cwd=ROOT, env=env).__enter__()
    try:
        demo.wait_for_welcome()
    except RuntimeError:
        demo.stop()
        raise
    return demo


@pytest.fixture(scope="module")
def seeded(tmp_path_factory) -> Path:
    """The folder as a first start leaves it."""
    folder: Path = tmp_path_factory.mktemp("seeded") / "demo"
    begin(folder).stop()
    return folder


@pytest.fixture(scope="module")
def running(seeded, tmp_path_factory) -> Iterator[DemoProcess]:
    """A demo for those who only look."""
    folder = tmp_path_factory.mktemp("running") / "demo"
    shutil.copytree(seeded, folder)
    demo = begin(folder)
    yield demo
    demo.stop()


@pytest.fixture
def demo_dir(seeded, tmp_path) -> Path:
    shutil.copytree(seeded, tmp_path / "demo")
    return tmp_path / "demo"


@pytest.fixture
def start(demo_dir) -> Iterator[Start]:
    """Start demos in a folder of the test's own; stopped after it."""
    started: list[DemoProcess] = []

    def call() -> DemoProcess:
        started.append(begin(demo_dir))
        return started[-1]

    yield call
    for demo in started:
        demo.stop()


def signed_in(demo: DemoProcess) -> tuple[Browser, str]:
    """A browser after signing in with what the welcome says, and its first page."""
    browser = Browser(demo.said("address"))
    return browser, browser.sign_in(demo.said("email"), demo.said("password"))


def test_one_command_gives_a_workspace_mail_and_a_sandbox(running):
    browser, page = signed_in(running)
    assert "Calendar" in page
    assert "<html" in browser.get("/mail/")
    assert "Sandbox" in Browser(running.said("sandbox")).get("")


def test_beat_and_worker_are_at_work(running):
    browser = Browser(running.said("address"))
    status = f"{browser.address}/health/worker"
    assert until(lambda: browser.session.get(status, timeout=30).ok, seconds=60)


def test_ctrl_c_leaves_no_process_behind(start):
    demo = start()
    pids = demo.pids()
    assert len(pids) >= 7
    assert demo.stop() == 0
    assert until(lambda: not process_tree.alive(pids))
    assert "Stopped in" in demo.text


def test_a_second_start_keeps_the_data(start, demo_dir):
    database = demo_dir / "later.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word TEXT)")
        connection.execute("INSERT INTO kept VALUES ('still here')")
    connection.close()
    again = start()
    assert "Preparing the database" not in again.text
    assert "Calendar" in signed_in(again)[1]
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("still here",)
    connection.close()


def test_killing_the_supervisor_leaves_no_process_behind(start):
    demo = start()
    pids = demo.pids()
    demo.process.kill()
    demo.wait()
    assert until(lambda: not process_tree.alive(pids), seconds=15)


@pytest.mark.parametrize("name", ["worker", "sandbox"])
def test_a_part_that_dies_is_named_and_ends_the_demo(start, name):
    demo = start()
    pids = demo.pids()
    os.kill(part(pids, name), signal.SIGKILL)
    assert demo.wait() == 1
    assert f"{name} ended by itself (killed by SIGKILL)" in demo.text
    assert f"{name}.log" in demo.text
    assert until(lambda: not process_tree.alive(pids))


def part(pids: set[int], name: str) -> int:
    """The process of that name nearest to the supervisor."""
    word = {"worker": "celery", "sandbox": "sandbox"}[name]
    lines = {pid: Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in pids}
    return min(pid for pid, line in lines.items() if word in line)


def test_a_second_demo_in_the_same_folder_is_refused(running):
    env = bare_env(DEMO_DIR=running.env["DEMO_DIR"])
    command = [sys.executable, "-m", "scripts.demo"]
    with DemoProcess(command, cwd=ROOT, env=env) as second:
        assert second.wait() == 1
        assert "A demo already runs in" in second.text
        assert "DEMO_DIR=var/demo2" in second.text


def test_only_loopback_is_listened_on(running):
    assert listening(running.pids()) == {ports.LOOPBACK}


def listening(pids: set[int]) -> set[str]:
    """Addresses on which these processes take connections."""
    found = set()
    for pid in pids:
        for connection in psutil.Process(pid).net_connections("inet"):
            if connection.status == psutil.CONN_LISTEN:
                found.add(connection.laddr.ip)
    return found
