"""Posts that a broken or ending connection will stop (R-D4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from profiles.dangers import Danger, Endangered, Since
from scheduling.models import Target
from scheduling.queries import excerpt
from scheduling.states import TargetState

SHOWN = 5
NO_TEXT = "A post without text"


def endangered(since: Since) -> Mapping[UUID, Danger]:
    """One query, however many profiles and posts."""
    if not since:
        return {}
    numbered = _scheduled(since).annotate(
        place=Window(RowNumber(), F("profile_id"), ["due_at", "pk"]),
        count=Window(Count("pk"), F("profile_id")),
    )
    found: dict[UUID, Danger] = {}
    for target in numbered.filter(place__lte=SHOWN).order_by("profile_id", "due_at"):
        known = found.get(target.profile_id, Danger())
        assert target.due_at is not None, "only those with a time are asked for"
        line = Endangered(target.due_at, excerpt(target.own_text) or NO_TEXT)
        found[target.profile_id] = Danger(target.count, (*known.first, line))
    return found


def _scheduled(since: Since) -> QuerySet[Target]:
    """Each with its post, which has the text."""
    by_moment: dict[datetime, list[UUID]] = defaultdict(list)
    for pk, moment in since.items():
        by_moment[moment].append(pk)
    late = Q(pk=None)
    for moment, profiles in by_moment.items():
        late |= Q(profile__in=profiles, due_at__gte=moment)
    rows = Target.objects.filter(late, state=TargetState.SCHEDULED)
    return rows.filter(post__deleted_at=None).select_related("post")
