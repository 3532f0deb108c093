"""A worker on a machine whose clock is wrong: `python -m tests.publishing.shifted`.

CLOCK_SHIFT_S moves all that Python calls the time; what follows are Celery's own
words. The product's code knows nothing of it.
"""

from __future__ import annotations

import os
import sys
import time

import time_machine

SHIFT_S = float(os.environ["CLOCK_SHIFT_S"])


def main() -> None:
    time_machine.travel(time.time() + SHIFT_S).start()
    from celery.__main__ import main as celery  # noqa: PLC0415

    sys.argv = ["celery", *sys.argv[1:]]
    celery()


if __name__ == "__main__":
    main()
