"""What the pages' doors share: who is asking, for what, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.access import wants_json
from accounts.models import AccessGroup, User
from accounts.moved import in_group
from core.errors import DomainError, DomainErrors
from scheduling.models import Post

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Scripts get 401 instead of a sign-in page in place of their answer."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if wants_json(request) or "HX-Request" in request.headers:
                return JsonResponse({"message": "You are signed out."}, status=401)
            return redirect_to_login(request.get_full_path())
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            if wants_json(request):
                return refusal(error)
            raise

    return door


def person(request: HttpRequest) -> User:
    return cast(User, request.user)


def group_of(request: HttpRequest, group_id: UUID) -> AccessGroup:
    return AccessGroup.objects.get_visible(request.user, pk=group_id)


def whereabouts(request: HttpRequest) -> str:
    """Where the post of an old address went with its profile."""
    match = request.resolver_match
    rows = Post.objects.alive().visible_to(request.user)
    found = rows.filter(pk=match.kwargs["pk"]).first() if match else None
    return in_group(request, found.group_id) if found else ""


def each(error: DomainError) -> list[DomainError]:
    return error.errors if isinstance(error, DomainErrors) else [error]


def refusal(error: DomainError, **more: Any) -> JsonResponse:
    """400 with `errors` in the shape of the API, and one `message` for a toast."""
    found = [
        {"code": e.code, "message": e.message, "field": e.field} for e in each(error)
    ]
    body = {"errors": found, "message": error.message, **more}
    return JsonResponse(body, status=400)
