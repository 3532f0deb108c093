"""SIGKILL between every two steps of a publication: real processes, real sandbox."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from scheduling.models import Target
from scheduling.states import IN_FLIGHT, TargetState
from tests.support.connected import due_post, profiles_on
from tests.support.sandbox import Sandbox
from tests.support.worker import Worker, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

POINTS = (
    "claimed",
    "checked",
    "before preparing",
    "journalled",
    "prepared",
    "intent committed",
    "sending",
    "sent",
    "answer in hand",
    "answer kept",
    "all done",
)
NEXT = "next: "
# Where the death costs something of its own: a lease, or a look at the list.
POINTS_OF_PART = ("claimed", "prepared", "intent committed", "sent", "answer kept")


def with_comment(target: Target) -> Target:
    target.options = {"follow_ups": ["More"]}
    target.save()
    return target


def killed_by(plan: dict[str, str], folder: Path, sandbox: Sandbox) -> set[str]:
    """Runs until all is settled; the points that were met."""
    file = folder / "plan.json"
    file.write_text(json.dumps(plan))
    with Worker(
        command=("-m", "tests.publishing.crashing"),
        CRASH_PLAN=str(file),
        PUBLISH_LEASE_S="5",
        # One claim at a time: a death takes down one post and not all of them.
        PUBLISH_BATCH="1",
        PLATFORM_GATEWAY=sandbox.url,
    ) as worker:
        run_until_settled(worker, seconds=240)
    return {path.read_text() for path in folder.glob("*.crashed")}


def run_until_settled(worker: Worker, *, seconds: float) -> None:
    """Start the worker again each time it dies, until nothing is in flight."""

    def settled() -> bool:
        if not worker.alive():
            worker.start()
        waiting = (*IN_FLIGHT, TargetState.SCHEDULED)
        rows = Target.objects.filter(state__in=waiting)
        return not rows.exclude(state="unconfirmed", next_at=None).exists()

    try:
        wait_until(settled, seconds=seconds, what="every target final", each=0.1)
    except AssertionError as error:
        rows = Target.objects.values_list("post__text", "state", "tries", "next_at")
        error.add_note("\n".join(map(str, rows)))
        raise


@pytest.mark.parametrize("platform", ["bluesky", "instagram"])
def test_killed_between_any_two_steps_nothing_is_lost_or_doubled(
    cast, sandbox, tmp_path, platform, live_server, settings
):
    """R-F3: one post a target in the ledger, each published, whatever step died."""
    settings.BASE_URL = live_server.url
    profiles = profiles_on(platform, cast, sandbox, len(POINTS))
    plan = {
        str(due_post(cast, profile, point).pk): point
        for profile, point in zip(profiles, POINTS, strict=True)
    }
    crashed = killed_by(plan, tmp_path, sandbox)
    states = Counter(Target.objects.values_list("state", flat=True))
    assert states == {TargetState.PUBLISHED: len(POINTS)}
    posted = Counter(row["profile"] for row in sandbox.ledger(platform))
    assert posted == {profile.external_id: 1 for profile in profiles}
    assert crashed >= set(POINTS) - {"journalled"}


def test_killed_between_post_and_comment_each_is_out_once(
    cast, sandbox, tmp_path, live_server, settings
):
    """R-F3: it goes on at the stored id; the post's death points are tried above."""
    settings.BASE_URL = live_server.url
    # "answer kept" of the post itself is the moment between the two.
    points = ("answer kept", *(NEXT + point for point in POINTS_OF_PART))
    profiles = profiles_on("instagram", cast, sandbox, len(points))
    plan = {
        str(with_comment(due_post(cast, profile, point)).pk): point
        for profile, point in zip(profiles, points, strict=True)
    }
    crashed = killed_by(plan, tmp_path, sandbox)
    states = Counter(Target.objects.values_list("state", flat=True))
    assert states == {TargetState.PUBLISHED: len(points)}
    said = Counter((r["profile"], r["kind"]) for r in sandbox.ledger("instagram"))
    kinds = ("image", "comment")
    assert said == {(p.external_id, kind): 1 for p in profiles for kind in kinds}
    assert crashed == set(points)
