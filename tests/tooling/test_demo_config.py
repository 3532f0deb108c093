"""What the demo runs with."""

from __future__ import annotations

import base64
import json
import socket
import stat

import pytest

from scripts import demo_config, demo_database, ports, redis_server
from scripts.demo_config import Folder


@pytest.fixture
def folder(tmp_path) -> Folder:
    where = Folder(tmp_path / "demo")
    where.make()
    return where


def environment(folder, **given):
    return demo_config.environment(
        folder, web=8001, sandbox=9001, redis_url="redis://127.0.0.1:1/0"
    )


def test_secrets_are_made_once_for_the_owners_eyes(folder):
    first = demo_config.kept_secrets(folder.secrets)
    assert demo_config.kept_secrets(folder.secrets) == first
    assert stat.S_IMODE(folder.secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_secrets_are_of_the_strength_the_product_asks_for(folder):
    made = demo_config.kept_secrets(folder.secrets)
    name, _, key = made["TOKEN_KEYS"].partition(":")
    assert name == "demo"
    assert len(base64.b64decode(key, validate=True)) == 32
    assert len(made["SECRET_KEY"]) >= 50


def test_processes_learn_where_everything_is(folder, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("PLATFORM_GATEWAY", raising=False)
    env = environment(folder)
    assert env["BASE_URL"] == "http://127.0.0.1:8001"
    assert env["PLATFORM_GATEWAY"] == "http://127.0.0.1:9001"
    assert env["DATABASE_URL"] == f"sqlite:///{folder.database}"
    assert env["MEDIA_ROOT"] == str(folder.media)
    assert (env["DEMO"], env["DEBUG"]) == ("1", "0")


def test_own_database_and_own_app_keys_are_taken(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://there/db")
    monkeypatch.setenv("PLATFORM_INSTAGRAM_CLIENT_ID", "mine")
    monkeypatch.setenv("PLATFORM_GATEWAY", "")
    env = environment(folder)
    assert env["DATABASE_URL"] == "postgres://there/db"
    assert env["PLATFORM_INSTAGRAM_CLIENT_ID"] == "mine"
    assert env["PLATFORM_GATEWAY"] == ""


def test_secrets_of_the_shell_do_not_replace_the_demos(folder, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "another")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    env = environment(folder)
    assert env["SECRET_KEY"] == demo_config.kept_secrets(folder.secrets)["SECRET_KEY"]
    assert "PYTHONPATH" not in env


@pytest.fixture
def busy_port():
    with socket.socket() as server:
        server.bind((ports.LOOPBACK, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_in_use_is_told(busy_port, monkeypatch):
    monkeypatch.setenv("PORT", str(busy_port))
    with pytest.raises(SystemExit, match=f"Port {busy_port} is in use"):
        demo_config.web_port()


@pytest.mark.parametrize("nonsense", ["http", "0", "65536", "-1"])
def test_a_senseless_port_is_told(nonsense, monkeypatch):
    monkeypatch.setenv("PORT", nonsense)
    with pytest.raises(SystemExit, match="PORT must be a number from 1 to 65535"):
        demo_config.web_port()


def test_without_a_wish_the_next_free_port_is_taken(busy_port, monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(demo_config, "WEB_PORT", busy_port)
    assert busy_port < demo_config.web_port() < busy_port + 50


def test_the_packaged_redis_serves_where_the_machine_has_none(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    program = redis_server.find_program()
    assert program is not None
    assert program.name == "valkey-server"
    assert program == redis_server.packaged_program()


def test_another_migration_asks_for_preparing(tmp_path, monkeypatch):
    (tmp_path / "app" / "migrations").mkdir(parents=True)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").touch()
    monkeypatch.setattr(demo_database, "ROOT", tmp_path)
    before = demo_database.fingerprint()
    assert demo_database.fingerprint() == before
    (tmp_path / "app" / "migrations" / "0001_initial.py").touch()
    assert demo_database.fingerprint() != before


@pytest.fixture
def prepared(folder) -> Folder:
    note = {"fingerprint": "f", "email": "a@b.example", "password": "p"}
    folder.prepared.write_text(json.dumps(note))
    folder.database.touch()
    return folder


def test_a_prepared_database_is_known_while_it_is_there(prepared):
    known = demo_database._known(prepared, "f", prepared.database_url)
    assert known == demo_database.SignIn("a@b.example", "p")
    prepared.database.unlink()
    assert demo_database._known(prepared, "f", prepared.database_url) is None


def test_other_code_or_another_database_is_prepared_anew(prepared):
    assert demo_database._known(prepared, "another", prepared.database_url) is None
    assert demo_database._known(prepared, "f", "postgres://there/db") is None


def test_the_sign_in_is_the_last_line(tmp_path):
    log = tmp_path / "seed_demo.log"
    log.write_text('12 posts\n{"email": "a@b.example", "password": "p", "url": "/"}\n')
    assert demo_database.read_sign_in(log).email == "a@b.example"


@pytest.mark.parametrize("text", ["", "done\n", '{"email": "a@b.example"}\n'])
def test_a_missing_sign_in_is_told(text, tmp_path):
    log = tmp_path / "seed_demo.log"
    log.write_text(text)
    with pytest.raises(SystemExit, match="gave no sign-in"):
        demo_database.read_sign_in(log)
