from __future__ import annotations

from core.holdings import Aged, Holding, Section
from publishing.models import Alarm, AlarmMessage, Attempt, Heartbeat, Pace, Pause

_OPERATOR = "The installation's own; it names no customer."

HOLDINGS = (
    Holding(
        Attempt,
        export=Section(
            "attempts",
            (
                "target",
                "at",
                "step",
                "outcome",
                "code",
                "message",
                "details",
                "http_status",
                "request_id",
                "duration_ms",
            ),
        ),
        account="target__post__group__account",
        aged=Aged("at", in_order=True),
    ),
    Holding(Heartbeat, export=_OPERATOR),
    Holding(Pause, export=_OPERATOR),
    Holding(Pace, export=_OPERATOR),
    Holding(Alarm, export=_OPERATOR),
    Holding(AlarmMessage, export=_OPERATOR),
)
