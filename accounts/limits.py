"""Limits on doors: counted for the person who is signed in, else for the network."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.signin.client import client_network
from core.limits import Limit, require_room

View = Callable[..., HttpResponse]


def limited(limit: Limit, *methods: str) -> Callable[[View], View]:
    """For a view; `methods` are those that count, all if none is named."""

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not methods or request.method in methods:
                require_room(limit, who(request))
            return view(request, *args, **kwargs)

        return door

    return decorate


def who(request: HttpRequest) -> str:
    """The person, for people behind one address are many; else the network."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"person:{user.pk}"
    return f"network:{client_network(request)}"
