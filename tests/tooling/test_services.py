"""Private PostgreSQL and Redis around a command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import process_tree
from scripts import postgres_server
from scripts.console import ROOT
from tests.tooling.test_processes import until
from tests.tooling.tools import bare_env, run_module

SHOW = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
USE = """
import os, psycopg2, redis
with psycopg2.connect(os.environ["DATABASE_URL"]) as connection:
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE t AS SELECT current_setting('fsync') AS fsync")
    cursor.execute("SELECT fsync, current_database() FROM t")
    print(cursor.fetchone())
server = redis.from_url(os.environ["REDIS_URL"])
server.set("a", "b")
print(server.get("a"), server.config_get("bind"))
raise SystemExit(7)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A temporary folder that user postgres can reach; pytest's own is private."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_the_command_gets_both_and_its_exit_code_is_ours(folder):
    env = bare_env(TMPDIR=str(folder))
    done = run_module(ROOT, "scripts.services", sys.executable, "-c", USE, env=env)
    assert "('off', 'later')" in done.stdout, done.stdout + done.stderr
    assert "b'b' {'bind': '127.0.0.1'}" in done.stdout
    assert done.returncode == 7
    assert list(folder.iterdir()) == []  # the clusters are gone too


def test_addresses_of_the_caller_are_used_as_they_are():
    env = bare_env(DATABASE_URL="postgres://there/db", REDIS_URL="redis://there/1")
    done = run_module(ROOT, "scripts.services", sys.executable, "-c", SHOW, env=env)
    assert done.stdout.split() == ["postgres://there/db", "redis://there/1"]


def test_benches_get_a_database_that_writes_for_good():
    assert "fsync=off" in postgres_server._options(5432, durable=False)
    assert "fsync=off" not in postgres_server._options(5432, durable=True)


def test_missing_program_is_told_with_the_command_to_run(tmp_path):
    env = bare_env(
        PATH=str(tmp_path), LATER_NO_INSTALL="1", DATABASE_URL="postgres://there/db"
    )
    done = run_module(ROOT, "scripts.services", "true", env=env)
    assert done.returncode == 1
    assert "Missing: Redis." in done.stderr
    assert "apt-get install redis-server" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must step down to postgres")
def test_a_folder_that_postgres_cannot_reach_is_told(folder):
    folder.chmod(0o700)
    env = bare_env(TMPDIR=str(folder))
    done = run_module(ROOT, "scripts.services", "true", env=env)
    assert done.returncode == 1
    assert "PostgreSQL could not make a cluster" in done.stderr
    assert "Permission denied" in done.stderr


def test_nothing_to_run_is_told():
    done = run_module(ROOT, "scripts.services", env=bare_env())
    assert done.returncode == 1
    assert "Say what to run" in done.stderr


@pytest.fixture
def around_a_sleeper(folder):
    """The services around a command that would sleep for long; all process ids."""
    command = [sys.executable, "-m", "scripts.services", "sleep", "600"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=bare_env(TMPDIR=str(folder)),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            assert until(lambda: "sleep" in names(process.pid), seconds=60)
            yield process, process_tree.descendants(process.pid)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def names(root: int) -> set[str]:
    return {comm(pid) for pid in process_tree.descendants(root)}


def test_sigterm_stops_the_command_and_both_servers(around_a_sleeper, folder):
    process, pids = around_a_sleeper
    process.terminate()
    assert process.wait(20) == 128 + signal.SIGTERM
    assert until(lambda: not process_tree.alive(pids))
    assert list(folder.iterdir()) == []


def test_sigkill_leaves_no_server(around_a_sleeper):
    process, pids = around_a_sleeper
    sleeper = {pid for pid in pids if comm(pid) == "sleep"}
    process.kill()
    process.wait(20)
    assert until(lambda: not process_tree.alive(pids - sleeper), seconds=15)
    for pid in sleeper:
        os.kill(pid, signal.SIGKILL)


def comm(pid: int) -> str:
    """The program's name; empty when it ended while we looked."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""
