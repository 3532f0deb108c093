"""The isolation matrix, counted (R-B1): every door, every person, every foreign id."""

from __future__ import annotations

import os
import tempfile

from django.test import override_settings

from benchmarks.results import Result
from platforms import registry
from scripts.console import say
from tests.safety.matrix.whole import everything

# A sign-in that begins without asking anybody, and a platform that calls us.
KEYS = {
    "PLATFORM_TELEGRAM_BOT_TOKEN": "7700000001:AAF-sandbox-token-of-no-real-bot-00",
    "PLATFORM_TELEGRAM_BOT_NAME": "later_sandbox_bot",
    "PLATFORM_FACEBOOK_CLIENT_ID": "bench",
    "PLATFORM_FACEBOOK_CLIENT_SECRET": "bench-secret",
}


def run() -> list[Result]:
    os.environ.update(KEYS)
    registry.get.cache_clear()
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        report = everything()
    say("\n".join(report.lines))
    how = (
        "address, method and person, or a foreign id in address, query or body; "
        "Django's test client on PostgreSQL, 1 run"
    )
    return [
        Result("safety.matrix_pairs", report.pairs, "", how),
        Result("safety.matrix_leaks", len(report.leaks), "", how),
        Result("safety.matrix_faults", len(report.faults), "", f"doors shut: {how}"),
    ]
