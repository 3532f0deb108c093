"""SIGKILL between every two steps of a publication: real processes, real sandbox."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from scheduling.models import Target
from scheduling.states import IN_FLIGHT, TargetState
from tests.support.connected import due_post, profiles_on
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
    targets = [
        due_post(cast, profile, point)
        for profile, point in zip(profiles, POINTS, strict=True)
    ]
    plan = tmp_path / "plan.json"
    plan.write_text(
        json.dumps({str(t.pk): point for t, point in zip(targets, POINTS, strict=True)})
    )
    with Worker(
        command=("-m", "tests.publishing.crashing"),
        CRASH_PLAN=str(plan),
        PUBLISH_LEASE_S="5",
        # One claim at a time: a death takes down one post and not all of them.
        PUBLISH_BATCH="1",
        PLATFORM_GATEWAY=sandbox.url,
    ) as worker:
        run_until_settled(worker, seconds=240)
    states = Counter(Target.objects.values_list("state", flat=True))
    assert states == {TargetState.PUBLISHED: len(POINTS)}
    posted = Counter(row["profile"] for row in sandbox.ledger(platform))
    assert posted == {profile.external_id: 1 for profile in profiles}
    crashed = {path.read_text() for path in tmp_path.glob("*.crashed")}
    assert crashed >= set(POINTS) - {"journalled"}
