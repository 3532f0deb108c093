"""A private PostgreSQL cluster on the loopback interface, made for one run."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

from scripts import ports
from scripts.console import fail
from scripts.debian import postgres_programs
from scripts.processes import FOUNDATION, ProcessFamily, Start

READY_SECONDS = 20
DATABASE = USER = "later"

# Tests throw the cluster away: what protects data over a power cut only costs time.
FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start(family: ProcessFamily, folder: Path, *, log: Path, durable: bool) -> str:
    """Make a cluster in the folder, start it, create our database; its address."""
    programs = postgres_programs()
    assert programs, "debian.ensure() comes first"
    password = secrets.token_urlsafe(24)
    data = _make_cluster(programs, folder, password)
    port = ports.free_port()
    family.start(
        Start(
            name="PostgreSQL",
            command=[
                str(programs / "postgres"),
                "-D",
                str(data),
                *_options(port, durable),
            ],
            log=log,
            env=os.environ,
            rank=FOUNDATION,
            stop_signal=signal.SIGINT,  # fast: does not wait for clients to leave
            user=_system_user(),
            cwd=folder,
        )
    )
    address = f"postgres://{USER}:{password}@{ports.LOOPBACK}:{port}"
    _create_database(programs, family, f"{address}/postgres")
    return f"{address}/{DATABASE}"


def _system_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "postgres" if os.geteuid() == 0 else None


def _make_cluster(programs: Path, folder: Path, password: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="utf-8")
    user = _system_user()
    if user:
        shutil.chown(folder, user, user)
        shutil.chown(secret, user, user)
    data = folder / "data"
    done = subprocess.run(
        [
            *[str(programs / "initdb"), f"--pgdata={data}", f"--username={USER}"],
            *["--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"],
            *["--encoding=UTF8", "--locale=C.UTF-8"],
        ],
        cwd=folder,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        fail(f"PostgreSQL could not make a cluster in {folder}:\n{done.stderr}")
    secret.unlink()
    return data


def _options(port: int, durable: bool) -> list[str]:
    settings = {
        "port": str(port),
        "listen_addresses": ports.LOOPBACK,
        "unix_socket_directories": "",
        "max_connections": "400",
    }
    if not durable:
        settings |= FOR_TESTS
    return [w for key, value in settings.items() for w in ("-c", f"{key}={value}")]


def _create_database(programs: Path, family: ProcessFamily, address: str) -> None:
    """Try until it is done: the server takes connections a moment after its port."""
    command = [str(programs / "psql"), "-qc", f"CREATE DATABASE {DATABASE}", address]

    def created() -> bool:
        return not subprocess.run(command, capture_output=True, check=False).returncode

    if not ports.wait_until(created, seconds=READY_SECONDS, watch=family.check):
        raise TimeoutError(f"PostgreSQL did not answer in {READY_SECONDS} s")
