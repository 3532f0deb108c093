"""`python -m tests.chaos POSTS SECONDS SEED`: one storm; its report as JSON, last line.

Exit code 1 when a promise broke.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command

from scripts.console import exit_on_signals, say
from scripts.processes import ProcessFamily
from tests.chaos import services
from tests.chaos.services import Services


def prepare(found: Services) -> None:
    """Django and its children see the storm's own servers."""
    os.environ.pop("PYTEST_XDIST_WORKER", None)
    os.environ.update(
        DATABASE_URL=found.database_url,
        REDIS_URL=found.redis_url,
        DJANGO_SETTINGS_MODULE="tests.settings",
        PUBLISH_LEASE_S="8",
    )
    django.setup()
    call_command("migrate", verbosity=0)


def main() -> None:
    posts, over_s, seed = (int(word) for word in sys.argv[1:4])
    exit_on_signals()
    say(f"seed {seed}")
    with (
        tempfile.TemporaryDirectory(prefix="later-chaos-") as folder,
        ProcessFamily() as family,
    ):
        found = services.start(family, Path(folder))
        prepare(found)
        # Models can be imported once Django stands.
        from tests.chaos.storm import Storm  # noqa: PLC0415

        report = Storm(found, posts=posts, over_s=over_s, seed=seed).run()
    say(json.dumps(report))
    sys.exit(bool(report["broken"]))


if __name__ == "__main__":
    main()
