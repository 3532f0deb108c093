"""The parts of the doctor that concern the installation as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from core.doctor import Finding, fail, ok, warn
from later import health


def services() -> Iterator[Finding]:
    """What everything stands on."""
    yield _answered(
        "database", health.database(), "`manage.py migrate`, or DATABASE_URL."
    )
    yield _answered("redis", health.redis(), "See that it runs; REDIS_URL names it.")
    if settings.PLATFORM_GATEWAY:
        words = "PLATFORM_GATEWAY is set: posts go to a sandbox."
        yield warn("gateway", words, "Unset it where posts shall go out.")


def _answered(name: str, word: str, todo: str) -> Finding:
    return (
        ok(name, "Answers.")
        if word == "ok"
        else fail(name, f"{word}.".capitalize(), todo)
    )
