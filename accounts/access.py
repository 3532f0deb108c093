"""What every page and API view begins with: who asks, and in which group."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from accounts.models import AccessGroup, User


def wants_json(request: HttpRequest) -> bool:
    """A program asks, not a person with a browser."""
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def person(request: HttpRequest) -> User:
    """The signed-in person; views behind `login_required` and DRF's permission."""
    assert isinstance(request.user, User)
    return request.user


def group_of(request: HttpRequest, group_id: UUID) -> AccessGroup:
    """The group of the address, also for the shell; 404 for strangers (R-B1)."""
    # With its account: pages tell how much room the plan leaves.
    rows = AccessGroup.objects.select_related("account")
    group = rows.get_visible(request.user, pk=group_id)
    request.group = group  # type: ignore[attr-defined]
    return group
