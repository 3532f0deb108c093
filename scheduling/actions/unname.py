"""Reasons that begin with the name of somebody who is deleted (R-I3)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Value
from django.db.models.functions import Concat, Substr

from accounts.former import NAME
from accounts.models import AccessGroup
from scheduling.models import Target

# As scheduling.stops and scheduling.actions.resume write them.
_DEEDS = (" stopped publishing for ", " dropped it: ")


def unname(name: str, groups: Iterable[AccessGroup]) -> int:
    """In posts of these groups, which stay; how many reasons were changed."""
    rows = Target.objects.filter(post__group__in=list(groups))
    rest = Concat(Value(NAME), Substr("reason", len(name) + 1))
    return sum(
        rows.filter(reason__startswith=f"{name}{deed}").update(reason=rest)
        for deed in _DEEDS
    )
