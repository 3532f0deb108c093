"""Times as the person's own clock shows them, on pages of no group."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from notifications.queries import zone_of

View: TypeAlias = Callable[..., HttpResponse]


def in_own_zone(view: View) -> View:
    """UTC for who isn't signed in."""

    @wraps(view)
    def show(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        zone = zone_of(user) if isinstance(user, User) else "UTC"
        with timezone.override(zone):
            return view(request, *args, **kwargs)

    return show
