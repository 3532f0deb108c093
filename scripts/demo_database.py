"""Brings the demo's database to the newest schema and fills it, when that is due."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts import ports
from scripts.console import ROOT, VENV_PYTHON, fail, short, step, tail
from scripts.demo_config import Folder
from scripts.processes import ProcessFamily, Start

# Whatever changes the tables or what the demo shows in them.
SOURCES = ("*/migrations/*.py", "*/management/commands/seed_demo.py", "*/demo/**/*.py")
MIGRATE_SECONDS = 300


@dataclass(frozen=True)
class SignIn:
    email: str
    password: str


@dataclass(frozen=True)
class Database:
    """The demo's database and who may be asked to stop while working on it."""

    family: ProcessFamily
    where: Folder
    env: Mapping[str, str]
    wait: Callable[[], None]

    def known(self) -> SignIn | None:
        """The sign-in, if all was done for exactly this code and database."""
        return _known(self.where, fingerprint(), self.env["DATABASE_URL"])

    def migrate(self) -> None:
        with step("Preparing the database"):
            manage(self.family, self.where, self.env, "migrate", "--no-input")
        self.wait()

    def seed(self) -> SignIn:
        """Web server and sandbox must answer: posts are really published meanwhile."""
        with step("Filling the demo workspace"):
            log = manage(self.family, self.where, self.env, "seed_demo")
            found = read_sign_in(log)
        note = {"fingerprint": fingerprint(), **asdict(found)}
        self.where.prepared.touch(mode=0o600)
        self.where.prepared.write_text(json.dumps(note), encoding="utf-8")
        return found


def fingerprint() -> str:
    """Of the code that decides what stands in the database."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for pattern in SOURCES:
        yield from sorted(ROOT.glob(pattern))
    yield ROOT / "requirements" / "base.txt"


def _known(where: Folder, wanted: str, database_url: str) -> SignIn | None:
    """The sign-in, if the database is there and as the code wants it.

    Only our own SQLite file can be trusted to have stayed what it was.
    """
    ours = database_url == where.database_url and where.database.exists()
    if not (ours and where.prepared.exists()):
        return None
    note = json.loads(where.prepared.read_text(encoding="utf-8"))
    if note.pop("fingerprint") != wanted:
        return None
    return SignIn(**note)


def manage(
    family: ProcessFamily, where: Folder, env: Mapping[str, str], *words: str
) -> Path:
    """Run a management command to its end, stoppable like a server; its log."""
    log = where.log / f"{words[0]}.log"
    command = [str(VENV_PYTHON), "manage.py", *words]
    child = family.start(Start(name=words[0], command=command, log=log, env=env))
    done = ports.wait_until(
        lambda: child.process.poll() is not None,
        seconds=MIGRATE_SECONDS,
        watch=lambda: family.check(but=child),
    )
    family.forget(child)
    if not done or child.process.returncode:
        fail(f"manage.py {words[0]} failed. {short(log)} ends:\n{tail(log)}")
    return log


def read_sign_in(log: Path) -> SignIn:
    """`seed_demo` ends with one JSON line: {"email": …, "password": …}."""
    lines = log.read_text(encoding="utf-8").strip().splitlines()
    try:
        found = json.loads(lines[-1])
        return SignIn(email=found["email"], password=found["password"])
    except (IndexError, KeyError, json.JSONDecodeError):
        fail(f"manage.py seed_demo gave no sign-in. {short(log)}:\n{tail(log)}")
