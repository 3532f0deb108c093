"""A claimed target at work: a look ahead, or the publication itself."""

from __future__ import annotations

import structlog

from publishing.actions.ahead import Ahead, lies_ahead
from publishing.actions.load import load
from publishing.actions.publish import Run
from scheduling.models import Target
from scheduling.states import LostClaim, TargetState

log = structlog.get_logger(__name__)


def run(target: Target) -> None:
    """Work on one loaded target. A claim that is gone meanwhile ends quietly."""
    try:
        kind = Ahead if lies_ahead(target) else Run
        kind(target).go()
    except LostClaim:
        log.info("publish.lost_claim", target=str(target.pk))


def publish(target_id: str, fence: int) -> None:
    """Run one claim by itself, if it still holds."""
    for target in load([(target_id, fence)], TargetState.CLAIMED):
        run(target)
