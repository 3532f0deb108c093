"""What every answer tells the browser not to do, and what production's settings are."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.cache import cache

from core import clock
from core.limits import Limit, _key
from scripts import throwaway_settings
from scripts.console import ROOT

pytestmark = pytest.mark.django_db

ASKED = """
import django, json; django.setup()
from django.conf import settings as s
from django.test import Client
answer = Client(SERVER_NAME="later.example").get("/health/live", secure=True)
print(json.dumps({"headers": dict(answer.headers), "settings": {
    name: getattr(s, name) for name in dir(s)
    if name.startswith(("SESSION_COOKIE", "CSRF_COOKIE", "SECURE"))
    and isinstance(getattr(s, name), (str, int, bool))}}))
"""


@functools.cache
def production() -> dict[str, Any]:
    """Settings as an operator has them, and an answer under them."""
    known = {"DJANGO_SETTINGS_MODULE": "later.settings", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=ROOT,
        env={**known, **throwaway_settings.production()},
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def policy(answer) -> dict[str, list[str]]:
    """Directive → sources."""
    parts = answer["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for words in map(str.split, parts)}


@pytest.fixture
def page(alice, cast):
    return alice.get(f"/g/{cast.group.pk}/calendar/")


def test_pages_run_scripts_of_ours_only(page):
    found = policy(page)
    assert found["script-src"] == ["'self'"]
    assert found["object-src"] == found["base-uri"] == found["frame-src"] == ["'none'"]
    assert found["frame-ancestors"] == ["'none'"]
    assert "unsafe-" not in page["Content-Security-Policy"]


def test_forms_stay_here_but_for_those_that_lead_to_a_sign_in(page, alice, cast):
    assert policy(page)["form-action"] == ["'self'"]
    connect = alice.get(f"/g/{cast.group.pk}/connect/bluesky/")
    assert "https:" in policy(connect)["form-action"]


def test_pages_are_kept_by_no_cache_and_framed_by_nobody(page):
    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert page["Cross-Origin-Resource-Policy"] == "same-origin"


def test_no_address_of_ours_is_told_to_other_sites(page):
    """Links to reset a password and invitations hold tokens."""
    assert page["Referrer-Policy"] == "same-origin"


def test_pages_may_use_no_device(page):
    told = page["Permissions-Policy"]
    assert "camera=()" in told
    assert "geolocation=()" in told
    assert "publickey-credentials-get=(self)" in told


def test_types_are_not_guessed(page, alice, cast):
    api = alice.get(f"/api/v1/groups/{cast.group.pk}/posts/")
    assert page["X-Content-Type-Options"] == api["X-Content-Type-Options"] == "nosniff"
    assert api["Cache-Control"] == "private, no-store"


def test_cookies_are_of_this_host_alone_in_production():
    found = production()["settings"]
    assert found["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert found["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert found["SESSION_COOKIE_SECURE"] and found["CSRF_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["SESSION_COOKIE_SAMESITE"] == found["CSRF_COOKIE_SAMESITE"] == "Lax"


def test_production_speaks_https_only():
    told = production()["headers"]["Strict-Transport-Security"]
    assert told == "max-age=31536000; includeSubDomains; preload"
    assert production()["settings"]["SECURE_SSL_REDIRECT"]


def test_too_many_calls_are_told_when_to_come_back(alice, cast, monkeypatch):
    few = Limit("few", times=1, seconds=3_600)
    monkeypatch.setattr("later.api_bounds.CALLS", few)
    path = f"/api/v1/groups/{cast.group.pk}/posts/"
    assert alice.get(path).status_code == 200
    answer = alice.get(path)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3_600
    assert answer.json()["errors"][0]["code"] == "too_many_tries"


def test_a_page_that_is_asked_for_too_often_says_so(client, redis_cache, time_machine):
    """By nobody: counted by the network."""
    time_machine.move_to("2026-11-21 12:00:00", tick=False)
    counted = _key(
        Limit("join", 300, 600),
        "network:127.0.0.1",
        int(clock.now().timestamp()) // 600,
    )
    cache.set(counted, 300, 600)
    answer = client.get("/user/invitation/", headers={"accept": "text/html"})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"
    assert b"10 minutes" in answer.content
