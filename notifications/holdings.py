from __future__ import annotations

from core.holdings import Aged, Holding, Section
from notifications.models import Mail, Notice

HOLDINGS = (
    Holding(
        Notice,
        export=Section(
            "notices",
            ("created_at", "code", "title", "text", "path", "mailed_at", "read_at"),
        ),
        person=("user",),
        aged=Aged("created_at", in_order=True),
    ),
    Holding(Mail, export="The demo's mailbox.", aged=Aged("sent_at", in_order=True)),
)
