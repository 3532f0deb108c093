from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from later import env
from later.mail import settings_of


def test_a_missing_setting_is_named(monkeypatch):
    monkeypatch.delenv("SOMETHING", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SOMETHING is not set"):
        env.text("SOMETHING")


def test_a_secret_can_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from the file\n")
    monkeypatch.setenv("SOMETHING_FILE", str(tmp_path / "key"))
    assert env.text("SOMETHING") == "from the file"


def test_a_secret_file_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("SOMETHING_FILE", "/nowhere/key")
    with pytest.raises(ImproperlyConfigured, match="SOMETHING_FILE"):
        env.text("SOMETHING")


@pytest.mark.parametrize(("value", "is_on"), [("1", True), ("off", False), ("", False)])
def test_flags(monkeypatch, value, is_on):
    monkeypatch.setenv("SWITCH", value)
    assert env.flag("SWITCH") is is_on


def test_a_senseless_flag_stops_the_boot(monkeypatch):
    monkeypatch.setenv("SWITCH", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="must be 1 or 0"):
        env.flag("SWITCH")


@pytest.mark.parametrize("value", ["abc", "0", "99", "1.5"])
def test_a_senseless_number_stops_the_boot(monkeypatch, value):
    monkeypatch.setenv("COUNT", value)
    with pytest.raises(ImproperlyConfigured, match="from 1 to 10"):
        env.number("COUNT", 5, low=1, high=10)


def test_a_url_of_another_kind_stops_the_boot(monkeypatch):
    monkeypatch.setenv("PLACE", "ftp://example.org")
    with pytest.raises(ImproperlyConfigured, match="PLACE must begin with"):
        env.url("PLACE", schemes=("http", "https"))


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://user:p%40ss@mail.example:2525", 2525, True, False),
        ("smtps://user:p%40ss@mail.example", 465, False, True),
        ("smtp://mail.example", 587, False, False),
    ],
)
def test_mail_servers(url, port, tls, ssl):
    _, mail = settings_of(url)
    assert (mail["port"], mail["tls"], mail["ssl"]) == (port, tls, ssl)


def test_an_unknown_kind_of_mail_stops_the_boot():
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        settings_of("pigeon://example.org")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY needs at least 32"),
        ({"TOKEN_KEYS": ""}, "TOKEN_KEYS is empty"),
        ({"TOKEN_KEYS": "k1:c2hvcnQ="}, "has 5 bytes, needs 32"),
        ({"BASE_URL": "later.example"}, "BASE_URL must begin with"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN needs at least 16"),
        ({"METRICS_PORT": "9102"}, "METRICS_PORT needs METRICS_TOKEN"),
        ({"ALARM_HOOK_URL": "https://hook.example"}, "needs an ALARM_HOOK_SECRET"),
        ({"ALARM_HOOK_URL": "hook.example"}, "ALARM_HOOK_URL must begin with"),
    ],
)
def test_the_product_refuses_to_start_on_nonsense(change, words):
    """R-D2: no start with a missing or short key, and the message says what to do."""
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "later.settings", **change},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert words in done.stderr
    assert "c2hvcnQ" not in done.stderr
