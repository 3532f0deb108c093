"""A claimed target at work: a look ahead, or the publication itself."""

from __future__ import annotations

import structlog

from publishing.actions.ahead import Ahead, lies_ahead
from publishing.actions.load import Assignment, load
from publishing.actions.publish import Run
from scheduling.states import LostClaim, TargetState

log = structlog.get_logger(__name__)


def run(given: Assignment) -> None:
    """Work on one loaded target. A claim that is gone meanwhile ends quietly."""
    try:
        kind = Ahead if lies_ahead(given.target) else Run
        kind(given).go()
    except LostClaim:
        log.info("publish.lost_claim", target=str(given.target.pk))


def publish(target_id: str, fence: int) -> None:
    """Run one claim by itself, if it still holds."""
    for given in load([(target_id, fence)], TargetState.CLAIMED):
        run(given)
