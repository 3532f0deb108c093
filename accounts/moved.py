"""Old addresses: a mail or a bookmark names the group that something was in (R-B5)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

View: TypeAlias = Callable[..., HttpResponse]
# The address where it is now, "" for who may not see it there.
Finder: TypeAlias = Callable[[HttpRequest], str]


def follows(find: Finder) -> Callable[[View], View]:
    """A page that isn't there is looked for in the person's other groups."""

    def wrap(view: View) -> View:
        @wraps(view)
        def follow(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Http404:
                url = find(request) if request.method == "GET" else ""
                if url in ("", request.get_full_path()):
                    raise
                return redirect(url)

        return follow

    return wrap


def in_group(request: HttpRequest, group_id: UUID) -> str:
    """The same address in another group, with its query."""
    match = request.resolver_match
    assert match is not None, "a view was found"
    kwargs = {**match.kwargs, "group_id": group_id}
    query = request.META.get("QUERY_STRING", "")
    path = reverse(match.view_name, args=match.args, kwargs=kwargs)
    return f"{path}?{query}" if query else path
