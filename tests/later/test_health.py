from __future__ import annotations

import json
import logging

import pytest
import structlog

from core import clock
from later.checks import production
from later.logs import configure
from publishing.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_live_answers_without_asking_anything(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "ok"}


def test_ready_names_its_parts(client):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "redis": "ok"}


def test_ready_says_when_redis_is_away(client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["redis"] == "unreachable"


def test_worker_is_well_when_tick_and_worker_were_seen(client):
    for name in ("tick", "worker:one"):
        Heartbeat.objects.create(name=name, seen_at=clock.now())
    assert client.get("/health/worker").status_code == 200


def test_a_tick_without_a_worker_is_not_well(client):
    Heartbeat.objects.create(name="tick", seen_at=clock.now())
    answer = client.get("/health/worker")
    assert (answer.status_code, answer.json()["tick"]) == (503, "ok")


def test_the_gateway_and_the_demo_are_refused_in_production(settings):
    settings.PLATFORM_GATEWAY = "http://127.0.0.1:9000"
    settings.DEMO = True
    assert {"later.E001", "later.E002"} <= {found.id for found in production()}


def test_logs_are_json_and_hold_no_secret(capsys):
    """R-D2: no token is ever in a log."""
    before = structlog.get_config()
    config = configure(json=True, level="INFO")
    formatter = logging.Formatter
    try:
        options = dict(config["formatters"]["structured"])
        formatter = options.pop("()")(**options)
        record = logging.LogRecord(
            "x",
            logging.INFO,
            "f",
            1,
            "GET https://x.test/?access_token=canary-1&b=2 Bearer canary-22222222",
            (),
            None,
        )
        line = formatter.format(record)
    finally:
        structlog.configure(**before)
    assert "canary" not in line
    assert json.loads(line)["level"] == "info"
