"""Is it alive, can it serve, does the publisher run: for balancers and monitors."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from core import clock
from publishing.models import Heartbeat


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Database (and its schema) and Redis answer: 200, else 503 with what doesn't."""
    return _answer({"database": database(), "redis": redis()})


@require_safe
def worker(request: HttpRequest) -> JsonResponse:
    """A beat tick and a worker were seen lately: 200, else 503 with what wasn't."""
    try:
        seen = dict(Heartbeat.objects.values_list("name", "seen_at"))
    except DatabaseError:
        return _answer({"database": "unreachable"})
    workers = [at for name, at in seen.items() if name.startswith("worker:")]
    return _answer(
        {
            "tick": _age(seen.get("tick")),
            "worker": _age(max(workers, default=None)),
        }
    )


def _answer(parts: dict[str, str]) -> JsonResponse:
    fine = all(word == "ok" for word in parts.values())
    body = {"status": "ok" if fine else "failing", **parts}
    return JsonResponse(body, status=200 if fine else 503)


def database() -> str:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unreachable"
    return "migrations pending" if plan else "ok"


def redis() -> str:
    try:
        cache.set("health", "ok", 10)
    except RedisError:
        return "unreachable"
    return "ok"


def _age(seen_at: datetime | None) -> str:
    if seen_at is None:
        return "never seen"
    age = clock.now() - seen_at
    if age > timedelta(seconds=settings.HEARTBEAT_MAX_AGE_S):
        return f"last seen {age.total_seconds():.0f} s ago"
    return "ok"
