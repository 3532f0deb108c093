from __future__ import annotations

from core.holdings import Aged, Batches, Holding
from leaving.models import Deletion, Export

HOLDINGS = (
    Holding(Deletion, export="A receipt, which names nobody."),
    Holding(
        Export,
        export="What was exported before.",
        account="account",
        person=("asked_by",),
        batches=Batches(20, files=("file",)),
        aged=Aged("asked_at"),
    ),
)
