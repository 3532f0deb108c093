"""later.celery, with a worker that kills itself at chosen points of a publication.

CRASH_PLAN names a JSON file {target id: point}; each target's point kills the process
once. The product's code knows nothing of it: the points are wrapped from outside.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery.signals import worker_init

from later.celery import app
from platforms import registry
from publishing import tasks
from publishing.actions import publish
from publishing.actions.publish import RowJournal, Run

__all__ = ["app"]

PLAN = Path(os.environ["CRASH_PLAN"])


def die_here(target_id: str, point: str) -> None:
    plan: dict[str, str] = json.loads(PLAN.read_text())
    if plan.get(target_id) != point:
        return
    flag = PLAN.with_name(f"{target_id}.crashed")
    if flag.exists():
        return
    flag.write_text(point)
    os.kill(os.getpid(), signal.SIGKILL)


def wrap(
    owner: Any, name: str, whose: Callable[..., str], before: str = "", after: str = ""
) -> None:
    inner = getattr(owner, name)

    def outer(*args: Any, **kwargs: Any) -> Any:
        if before:
            die_here(whose(*args), before)
        answer = inner(*args, **kwargs)
        if after:
            die_here(whose(*args), after)
        return answer

    setattr(owner, name, outer)


def of_run(run: Run, *_: Any) -> str:
    return str(run.target.pk)


def of_target(target: Any, *_: Any) -> str:
    return str(target.pk)


@worker_init.connect
def install(**_: Any) -> None:
    wrap(tasks, "publish_one", lambda pk, _: pk, before="claimed", after="all done")
    wrap(publish, "refusal", of_target, after="checked")
    wrap(Run, "_prepare", of_run, before="before preparing", after="prepared")
    wrap(RowJournal, "put", lambda j, *_: str(j.target.pk), after="journalled")
    wrap(Run, "_leave", of_run, after="intent committed")
    wrap(publish, "arrive", of_target, before="answer in hand", after="answer kept")
    for key in registry.PLATFORMS:
        kind = registry.adapter_class(key)
        wrap(kind, "send", lambda _, job, *__: job.key, before="sending", after="sent")
