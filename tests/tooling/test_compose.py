"""The image and the compose file: their shape, and their commands run for real.

No container engine runs here, so the commands are started as processes, against a
database of their own in the tests' PostgreSQL and a Redis database of their own.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import requests
import yaml

from scripts import ports, redis_server, throwaway_settings
from scripts.console import ROOT, tail
from scripts.processes import Child, ProcessFamily, Start
from tests.tooling.test_processes import until
from tests.tooling.tools import bare_env

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
RUNNING = ("web", "worker", "media", "beat", "watch")
OURS = (*RUNNING, "migrate")
SERVERS = [name for name in SERVICES if name != "migrate"]


def test_every_part_of_the_product_is_there():
    assert set(SERVICES) == {*OURS, "db", "redis"}


@pytest.mark.parametrize("name", SERVERS)
def test_every_server_has_a_health_check_and_comes_back(name):
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in ("CMD", "CMD-SHELL")
    assert check["retries"] >= 3
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_migrations_run_once_before_the_rest():
    assert SERVICES["migrate"]["restart"] == "no"
    for name in RUNNING:
        needs = SERVICES[name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
        assert needs["db"]["condition"] == "service_healthy"
        assert needs["redis"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", OURS)
def test_required_settings_stop_the_start_when_missing(name):
    environment = SERVICES[name]["environment"]
    for setting in ("SECRET_KEY", "TOKEN_KEYS", "BASE_URL", "EMAIL_URL"):
        assert environment[setting] == f"${{{setting}:?set {setting} in .env}}"
    assert SERVICES[name]["env_file"] == ".env"


def test_passwords_come_from_outside_everywhere():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if re.search(r"PASSWORD|SECRET|TOKEN|://[^/]*:[^/]*@", line):
            assert re.search(r"\$\{\w+:\?set \w+ in \.env\}|^\s*#", line), line


def test_the_image_holds_no_secret():
    assert not re.search(r"^(ENV|ARG).*(SECRET|TOKEN|PASSWORD)", DOCKERFILE, re.M)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", ".env.*", ".git", "var", "tests", "sandbox"} <= set(ignored)


def test_the_image_installs_by_hash_and_runs_as_nobody_special():
    assert "--require-hashes" in DOCKERFILE
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "requirements" not in last_stage
    user = last_stage.index("\nUSER later")
    assert user < last_stage.index("\nHEALTHCHECK") < last_stage.index("\nCMD")
    assert "collectstatic" in last_stage[:user]


def test_only_one_beat_and_every_queue_has_a_worker():
    commands = {name: SERVICES[name]["command"] for name in OURS}
    assert [name for name in OURS if " beat " in commands[name]] == ["beat"]
    assert not [name for name in OURS if "--beat" in commands[name]]
    queues = re.findall(r"--queues (\S+)", " ".join(commands.values()))
    assert sorted(",".join(queues).split(",")) == ["default", "media", "publish"]


def test_the_image_serves_what_the_compose_file_serves():
    in_image = re.search(r"\nCMD \[(.*)\]", DOCKERFILE)
    assert in_image
    words = re.findall(r'"([^"]+)"', in_image[1])
    assert words == filled_in(SERVICES["web"]["command"])


def filled_in(command: str) -> list[str]:
    """The words of a command with its variables at their defaults."""
    return shlex.split(re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", command))


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """An empty database beside the tests' own."""
    server = os.environ["DATABASE_URL"]
    name = f"compose_{os.getpid()}"
    address = urlsplit(server)._replace(path=f"/{name}").geturl()
    _as_admin(server, f"CREATE DATABASE {name}")
    yield address
    _as_admin(server, f"DROP DATABASE {name} WITH (FORCE)")


def _as_admin(server: str, statement: str) -> None:
    connection = psycopg2.connect(urlsplit(server)._replace(path="/postgres").geturl())
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


class Stack:
    """The services of the compose file as processes on this machine."""

    def __init__(self, family: ProcessFamily, folder: Path, env: dict[str, str]):
        self.family, self.folder, self.env = family, folder, env
        self.port = int(env["PORT"])

    def command(self, name: str) -> list[str]:
        words = filled_in(SERVICES[name]["command"])
        return [self.own(word) for word in words]

    def own(self, word: str) -> str:
        """With files of this run; in a container /tmp is its own."""
        return word.replace("/tmp/", f"{self.folder}/")  # noqa: S108

    def start(self, name: str) -> Child:
        log = self.folder / f"{name}.log"
        start = Start(name, self.command(name), log, self.env)
        return self.family.start(start)

    def run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )

    def logs(self) -> str:
        """For the message of a failure."""
        return "\n".join(f"{c.name}:\n{tail(c.log, 8)}" for c in self.family.children)

    def page(self, name: str) -> requests.Response:
        """A health page as a proxy that ends HTTPS would ask for it."""
        headers = {"Host": "later.example", "X-Forwarded-Proto": "https"}
        address = f"http://{ports.LOOPBACK}:{self.port}/health/{name}"
        return requests.get(address, headers=headers, timeout=30)

    def health_check(self, name: str) -> subprocess.CompletedProcess[str]:
        kind, *words = SERVICES[name]["healthcheck"]["test"]
        words = [self.own(word) for word in words]
        return self.run(words if kind == "CMD" else ["sh", "-c", *unescaped(words)])


def unescaped(words: list[str]) -> list[str]:
    return [word.replace("$$", "$") for word in words]


@pytest.fixture(scope="module")
def stack(database, tmp_path_factory) -> Iterator[Stack]:
    """All that runs of ours in the compose file, migrated and serving."""
    folder = tmp_path_factory.mktemp("compose")
    with ProcessFamily() as family:
        stack = Stack(family, folder, environment(family, folder, database))
        migrated = stack.run(stack.command("migrate"))
        assert migrated.returncode == 0, migrated.stderr
        for name in RUNNING:
            stack.start(name)
        assert ports.wait_until(
            lambda: ports.answers(stack.port), seconds=60, watch=family.check
        )
        yield stack


def environment(family: ProcessFamily, folder: Path, database: str) -> dict[str, str]:
    """That of a container, as far as it differs from a shell's."""
    port = ports.free_port()
    program = redis_server.find_program()
    assert program
    redis_url = redis_server.start(
        family, program, folder / "redis", log=folder / "redis.log", durable=False
    )
    given = {
        "DATABASE_URL": database,
        "REDIS_URL": redis_url,
        "MEDIA_ROOT": str(folder / "media"),
        "PORT": str(port),
        "HEALTH_ADDRESS": f"{ports.LOOPBACK}:{port}",
        # In a container it listens on every interface, which is the container's own.
        "GUNICORN_CMD_ARGS": f"--bind {ports.LOOPBACK}:{port}",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    return bare_env(**(throwaway_settings.production() | given))


@pytest.mark.services
class TestCommands:
    def test_web_is_alive_and_ready(self, stack):
        assert stack.page("live").status_code == 200
        assert stack.page("ready").json()["status"] == "ok"

    def test_a_worker_and_a_tick_are_seen(self, stack):
        assert until(lambda: stack.page("worker").ok, seconds=60), stack.logs()

    @pytest.mark.parametrize("name", RUNNING)
    def test_the_health_check_of_each_passes(self, stack, name):
        passes = until(lambda: stack.health_check(name).returncode == 0, seconds=60)
        assert passes, stack.logs()

    def test_the_health_check_fails_where_nobody_answers(self, stack):
        words = SERVICES["web"]["healthcheck"]["test"][1:]
        nowhere = f"{ports.LOOPBACK}:{ports.free_port()}"
        env = stack.env | {"HEALTH_ADDRESS": nowhere}
        done = subprocess.run(
            words, cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "No answer" in done.stderr

    def test_static_files_are_collected_without_secrets(self, tmp_path):
        words = ["-m", "scripts.throwaway_settings", sys.executable, "manage.py"]
        command = [sys.executable, *words, "collectstatic", "--no-input", "--dry-run"]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=bare_env(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "static file" in done.stdout
