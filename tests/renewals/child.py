"""A process that renews one token: `python -m tests.renewals.child ID VERSION [die]`.

With `die` it kills itself between the platform's answer and the commit. It says
"ready", waits for a line and says what came of it.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import django

django.setup()

from platforms.errors import PlatformError  # noqa: E402
from profiles.actions import tokens  # noqa: E402
from profiles.errors import ConnectionBroken  # noqa: E402


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    connection_id, version = sys.argv[1], int(sys.argv[2])
    if "die" in sys.argv[3:]:
        vars(tokens)["_store"] = die
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    try:
        usable = tokens.refresh(connection_id, version)
        sys.stdout.write(f"version {usable.version}\n")
    except (PlatformError, ConnectionBroken) as error:
        sys.stdout.write(f"{type(error).__name__}: {error}\n")


if __name__ == "__main__":
    main()
