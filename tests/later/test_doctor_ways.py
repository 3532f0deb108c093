"""The doctor tells what is spoken in plain text (ASVS V12.3.1, V13.2.1)."""

from __future__ import annotations

import pytest
from django.db import connection

from later.doctor_ways import ways

PG, REDIS = "db.example.net", "redis://:secret@cache.example.net:6379/0"


@pytest.fixture
def told(settings, monkeypatch):
    """`told(...)`: name → (level, words), under these settings."""

    def _told(host: str = "", mode: str = "", known: bool = True, redis="", **mail):
        password = "hush-hush" if known else ""
        found = {"HOST": host, "PASSWORD": password, "OPTIONS": {"sslmode": mode}}
        for name, value in found.items():
            monkeypatch.setitem(connection.settings_dict, name, value)
        settings.REDIS_URL = redis or "unix:///run/redis.sock"
        settings.EMAIL_HOST = mail.get("smtp", "")
        settings.EMAIL_USE_TLS = mail.get("tls", False)
        settings.EMAIL_USE_SSL = mail.get("ssl", False)
        return {each.name: (str(each.level), each.text) for each in ways()}

    return _told


@pytest.mark.parametrize("mode", ["", "disable", "allow", "prefer"])
def test_a_database_elsewhere_without_encryption_fails(told, mode):
    level, words = told(PG, mode)["database"]
    assert level == "fail" and PG in words


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_with_it_all_is_well(told, mode):
    assert told(PG, mode)["database"][0] == "ok"


@pytest.mark.parametrize(
    "host", ["", "/run/postgresql", "localhost", "127.0.0.1", "::1", "db"]
)
def test_this_machine_and_its_private_network_need_none(told, host):
    assert told(host)["database"][0] == "ok"


def test_redis_elsewhere_is_spoken_to_by_tls(told):
    assert told(redis=REDIS)["redis"][0] == "fail"
    assert told(redis=REDIS.replace("redis://", "rediss://"))["redis"][0] == "ok"
    assert told(redis="redis://127.0.0.1:6379/0")["redis"][0] == "ok"


def test_who_lets_everybody_in_is_told_of(told):
    """Beyond our own network, the way in is a password at least."""
    assert told(PG, "require", known=False)["database"][0] == "warn"
    assert told(redis="rediss://cache.example.net/0")["redis"][0] == "warn"
    assert told(redis="redis://redis:6379/0")["redis"][0] == "ok"
    assert told("localhost", known=False)["database"][0] == "ok"


def test_mails_hold_links_that_open_accounts(told):
    assert told(smtp="smtp.example.net")["mail"][0] == "fail"
    assert told(smtp="smtp.example.net", tls=True)["mail"][0] == "ok"
    assert told(smtp="smtp.example.net", ssl=True)["mail"][0] == "ok"


def test_no_password_is_told(told):
    said = told(PG, redis=REDIS)
    assert "hush-hush" not in str(said) and "secret" not in str(said)
