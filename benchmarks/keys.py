"""What sealing costs, and how fast all stored sign-ins come under a new key (R-D2)."""

from __future__ import annotations

import time

from django.conf import settings

from benchmarks.results import RUNS, Result, median
from core import clock, rotation
from core.crypto import KeyRing
from platforms.types import Token
from profiles.models import Connection, SocialProfile
from tests.people import Cast, assemble

TEXTS = 20_000
ROWS = 10_000
# A Page's token and the user's beside it: the longest that is kept.
TOKEN = Token(
    "EAA" + "x" * 200, expires_at=clock.now(), extra={"user_token": "EAA" + "y" * 200}
)
AAD = "profiles.connection:00000000-0000-0000-0000-000000000000:sealed"
KEYS = {"first": bytes(32), "second": bytes([1]) * 32}


def run() -> list[Result]:
    fill(assemble())
    rings = [KeyRing({name: KEYS[name], **KEYS}) for name in reversed(KEYS)]
    turn = iter(rings * RUNS)
    crypt = median(crypt_per_s)
    rotate = median(lambda: rotate_per_s(next(turn)))
    return [
        Result(
            "connections.crypt_per_s",
            crypt,
            "/s",
            f"{TEXTS:,} texts of {len(text())} bytes, each sealed and opened again in one "
            f"thread, median of {RUNS}",
        ),
        Result(
            "connections.rotate_rows_per_s",
            rotate,
            "/s",
            f"{ROWS:,} connections brought under another key on PostgreSQL in batches of "
            f"{rotation.BATCH}, one process, median of {RUNS}",
        ),
    ]


def text() -> str:
    return "x" * 600


def crypt_per_s() -> float:
    ring, one = KeyRing(KEYS), text()
    started = time.perf_counter()
    for _ in range(TEXTS):
        ring.unseal(ring.seal(one, AAD), AAD)
    return TEXTS / (time.perf_counter() - started)


def rotate_per_s(ring: KeyRing) -> float:
    settings.TOKEN_KEYS = ring
    column = next(one for one in rotation.columns() if one.model is Connection)
    started = time.perf_counter()
    *_, last = rotation.rotate(column)
    spent = time.perf_counter() - started
    assert last.done == ROWS, "all of them came under the other key"
    return ROWS / spent


def fill(cast: Cast) -> None:
    """Disconnected long ago, so that one Social Set holds them all."""
    settings.TOKEN_KEYS = KeyRing(KEYS)
    place, gone = cast.social_set, clock.now()
    profiles = SocialProfile.objects.bulk_create(
        SocialProfile(
            account=cast.group.account,
            group=cast.group,
            social_set=place,
            platform="facebook",
            external_id=f"page-{number}",
            name=f"Page {number}",
            removed_at=gone,
        )
        for number in range(ROWS)
    )
    rows = [Connection(profile=profile, method="bench") for profile in profiles]
    for row in rows:
        row.seal(TOKEN)
    Connection.objects.bulk_create(rows)
