"""A publisher that kills itself at chosen points: `python -m tests.publishing.crashing`.

CRASH_PLAN names a JSON file {target id: point}; each target's point kills the process
once, "next: point" when it is at what follows the post. Ticks and work are the product's
own, but without Celery's start-up, and one after the other: a death between two steps of
one post must not take another post past its own point. Each life is a process of its
own, forked before it has a connection or a thread: it is lived a dozen times, and the
imports alone would take seconds each. The product's code knows nothing of it: the points
are wrapped from outside.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from platforms import registry  # noqa: E402
from platforms.instagram import comments, finding  # noqa: E402
from publishing import tasks  # noqa: E402
from publishing.actions import publish  # noqa: E402
from publishing.actions.claim import tick  # noqa: E402
from publishing.actions.publish import RowJournal, Run  # noqa: E402
from scheduling.models import Target  # noqa: E402

PLAN = Path(os.environ["CRASH_PLAN"])
NEXT = "next: "


def die_here(target_id: str, point: str) -> None:
    plan: dict[str, str] = json.loads(PLAN.read_text())
    planned = plan.get(target_id, "")
    if planned.removeprefix(NEXT) != point:
        return
    if planned.startswith(NEXT) and not is_out(target_id):
        return
    flag = PLAN.with_name(f"{target_id}.crashed")
    if flag.exists():
        return
    flag.write_text(planned)
    os.kill(os.getpid(), signal.SIGKILL)


def is_out(target_id: str) -> bool:
    """The post is, so that it is what follows which is at work."""
    return bool(Target.objects.get(pk=target_id).parts_out)


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


def install() -> None:
    publish.MARGIN_S = 0
    # The real Instagram may take a minute and a half to settle a cut call and ten to
    # list a comment, the sandbox has settled both when the connection is gone.
    vars(finding)["SETTLED_S"] = 3
    vars(comments)["COMMENT_WAITS"] = ((3, 1),)
    wrap(
        tasks,
        "run",
        lambda given: str(given.target.pk),
        before="claimed",
        after="all done",
    )
    wrap(publish, "refusal", of_target, after="checked")
    wrap(Run, "_prepare", of_run, before="before preparing", after="prepared")
    wrap(RowJournal, "put", lambda j, *_: str(j.target.pk), after="journalled")
    wrap(publish, "leave", of_target, after="intent committed")
    wrap(publish, "arrive", of_target, before="answer in hand", after="answer kept")
    for key in registry.PLATFORMS:
        kind = registry.adapter_class(key)
        # The lease of a real send outlives its longest call: minutes of waiting here.
        kind.longest_send_s = 0
        wrap(kind, "send", lambda _, job, *__: job.key, before="sending", after="sent")


def work() -> None:
    while True:
        claimed = tick()
        for claim in claimed.to_publish:
            tasks.publish([claim])
        for claim in claimed.to_settle:
            tasks.settle([claim])
        time.sleep(0.2)


def live() -> int:
    """One life, from its first tick to its death; how it ended, as the system says."""
    child = os.fork()
    if child == 0:
        work()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    install()
    while live() == -signal.SIGKILL:
        pass
    raise SystemExit("ended by something else than its plan")


if __name__ == "__main__":
    main()
