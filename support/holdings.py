"""What becomes of this app's data (core.holdings)."""

from __future__ import annotations

from django.contrib.admin.models import LogEntry

from core.holdings import Aged, Batches, Holding, Section
from support.acting import Acting
from support.help_request import HelpMessage, HelpRequest

HOLDINGS = (
    Holding(
        Acting,
        export=Section(
            "support_looks",
            (
                "staff__name",
                "customer__name",
                "reason",
                "begun_at",
                "until",
                "ended_at",
            ),
        ),
        account="account",
        person=("customer", "staff"),
        aged=Aged("begun_at"),
    ),
    Holding(
        HelpRequest,
        export="Each person reads their own under Get Help.",
        account="group__account",
        person=("user",),
        batches=Batches(100),
        aged=Aged("said_at"),
    ),
    Holding(
        HelpMessage,
        export="Each person reads their own under Get Help.",
        account="request__group__account",
        mentions=("author",),
    ),
    Holding(
        LogEntry,
        export="Django's own record of the admin; the audit trail is ours.",
        person=("user",),
        aged=Aged("action_time", in_order=True),
    ),
)
