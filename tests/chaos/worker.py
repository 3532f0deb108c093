"""A Celery worker as it is shipped, with short leases and every tenth message doubled.

`python -m tests.chaos.worker WORDS OF CELERY`. A send's lease outlives its longest
call, which is minutes; the sandbox answers at once.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import django

django.setup()

from celery import Celery  # noqa: E402
from celery.__main__ import main  # noqa: E402

from platforms import registry  # noqa: E402
from platforms.instagram import finding  # noqa: E402
from publishing.actions import publish  # noqa: E402

DOUBLE_EACH = 10
LONGEST_SEND_S = 5


def shorten() -> None:
    publish.MARGIN_S = 0
    vars(finding)["SETTLED_S"] = 3
    for key in registry.PLATFORMS:
        registry.adapter_class(key).longest_send_s = LONGEST_SEND_S


def double() -> None:
    """Of the messages about posts, not of ticks: those are a pile by nature."""
    send = Celery.send_task
    sent = int.from_bytes(os.urandom(1)) % DOUBLE_EACH

    def send_twice(app: Celery, name: str, *args: Any, **kwargs: Any) -> Any:
        nonlocal sent
        if name in ("publishing.publish", "publishing.settle"):
            sent += 1
            if sent % DOUBLE_EACH == 0:
                send(app, name, *args, **kwargs)
        return send(app, name, *args, **kwargs)

    setattr(Celery, send.__name__, send_twice)


if __name__ == "__main__":
    shorten()
    double()
    sys.argv[0] = "celery"
    main()
