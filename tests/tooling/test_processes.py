"""Processes that end with the program that started them, whatever ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from benchmarks import process_tree
from scripts.console import ROOT
from scripts.processes import FOUNDATION, Child, ChildDiedError, ProcessFamily, Start

SLEEPER = "import time; time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"


def until(fact: Callable[[], object], seconds: float = 10) -> bool:
    """Whether it became true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if fact():
            return True
        time.sleep(0.02)
    return bool(fact())


@pytest.fixture
def family() -> Iterator[ProcessFamily]:
    with ProcessFamily() as family:
        family.grace = 0.5
        yield family


def python(name: str, code: str, folder: Path, *, rank: int = 0) -> Start:
    command = [sys.executable, "-c", code]
    return Start(name, command, folder / f"{name}.log", os.environ, rank=rank)


def has_said(child: Child, word: str) -> bool:
    return word in child.log.read_text()


def test_all_are_gone_when_the_block_is_left(tmp_path):
    with ProcessFamily() as family:
        pids = {
            family.start(python(name, SLEEPER, tmp_path)).process.pid for name in "ab"
        }
        assert process_tree.alive(pids) == pids
    assert not process_tree.alive(pids)


def test_what_a_server_started_goes_with_it(family, tmp_path):
    code = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPER!r}])"
    )
    child = family.start(python("parent", code, tmp_path))
    assert until(lambda: len(process_tree.descendants(child.process.pid)) == 2)
    pids = process_tree.descendants(child.process.pid)
    family.stop()
    assert until(lambda: not process_tree.alive(pids))


def test_the_deaf_are_killed_and_named(family, tmp_path):
    code = f"{DEAF}; print('deaf', flush=True); time.sleep(600)"
    child = family.start(python("deaf", code, tmp_path))
    assert until(partial(has_said, child, "deaf"))
    assert family.stop() == ["deaf"]
    assert child.process.returncode == -signal.SIGKILL


def test_foundations_stop_last(family, tmp_path):
    ended = tmp_path / "ended"
    note = textwrap.dedent(f"""
        import signal, sys, time
        def end(*_):
            open({str(ended)!r}, "a").write(sys.argv[1] + " ")
            sys.exit()
        signal.signal(signal.SIGTERM, end)
        print("up", flush=True)
        time.sleep(600)
    """)
    for name, rank in (("redis", FOUNDATION), ("worker", 0)):
        start = python(name, note, tmp_path, rank=rank)
        start.command = [*start.command, name]
        assert until(partial(has_said, family.start(start), "up"))
    family.stop()
    assert ended.read_text().split() == ["worker", "redis"]


def test_a_death_is_told_with_the_end_of_the_log(family, tmp_path):
    code = "print('no such table: posts'); raise SystemExit(3)"
    child = family.start(python("worker", code, tmp_path))
    assert until(lambda: child.process.poll() is not None)
    with pytest.raises(ChildDiedError, match=r"worker ended by itself \(exit code 3\)"):
        family.check()
    with pytest.raises(ChildDiedError, match="no such table: posts"):
        family.check()


def test_a_death_by_signal_is_told_by_its_name(family, tmp_path):
    child = family.start(python("web", SLEEPER, tmp_path))
    child.process.kill()
    assert until(lambda: child.process.poll() is not None)
    with pytest.raises(ChildDiedError, match="killed by SIGKILL"):
        family.check()


def test_nothing_stays_when_the_supervisor_is_killed(tmp_path):
    program = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from tests.tooling.test_processes import SLEEPER, python
        from scripts.processes import ProcessFamily
        with ProcessFamily() as family:
            family.start(python("a", SLEEPER, Path({str(tmp_path)!r})))
            print("up", flush=True)
            time.sleep(600)
    """)
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout
        assert supervisor.stdout.readline() == b"up\n"
        pids = process_tree.descendants(supervisor.pid)
        assert len(pids) == 3  # with the child and the guardian
        supervisor.kill()
    assert until(lambda: not process_tree.alive(pids))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_tool_that_is_stopped_ends_what_it_runs_without_a_traceback(number):
    program = textwrap.dedent("""
        import subprocess
        from scripts.console import exit_on_signals
        exit_on_signals()
        subprocess.run(["sleep", "600"])
    """)
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as tool:
        assert until(lambda: len(process_tree.descendants(tool.pid)) == 2)
        pids = process_tree.descendants(tool.pid)
        tool.send_signal(number)
        assert tool.wait(10) == 128 + number
        assert tool.stderr
        assert tool.stderr.read() == b""
    assert not process_tree.alive(pids)
