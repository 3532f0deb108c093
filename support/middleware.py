"""Puts the customer in the staff's place for one request, where a look allows it.

The session stays the staff's own: nothing is signed in as the customer, so nothing is
left over when the time is up. The admin never sees the customer in their place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from accounts.access import wants_json
from accounts.models import User
from support import rights
from support.acting import Acting
from support.actions.act import end, write_down
from support.allowed import END, NOBODYS, PARTS, SIGN_OUT, allowed, shapes
from support.rights import Ability

SESSION_KEY = "acting"
REFUSED = (
    "You are looking as a customer: this page is not open to you, and nothing can be "
    "changed."
)


class ActingMiddleware:
    """Last of all: those before it judge the staff person who is really there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        acting: Acting | None = getattr(request, "acting", None)
        if acting is not None and request.user == acting.customer:
            request.user = acting.staff
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not self._concerns(request):
            return None
        acting = self._going_on(request)
        if acting is None:
            return self._over(request)
        request.acting = acting  # type: ignore[attr-defined]
        request.acting_pages = shapes()  # type: ignore[attr-defined]
        name = _name(request)
        if name in (END, SIGN_OUT):
            return None
        if not allowed(request):
            write_down(acting, "acting.refused", f"{request.method} {request.path}")
            return refuse(request)
        if name not in PARTS:
            write_down(acting, "acting.looked", f"{request.method} {request.path}")
        request.user = acting.customer
        return None

    @staticmethod
    def _concerns(request: HttpRequest) -> bool:
        """Only pages of the product, and only in a session that is acting."""
        name = _name(request)
        if name.startswith("admin:") or name in NOBODYS:
            return False
        # Without a cookie there is no session, and nothing to look up.
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        return known and SESSION_KEY in request.session

    @staticmethod
    def _going_on(request: HttpRequest) -> Acting | None:
        acting = _acting(request)
        if acting is None or not acting.goes_on:
            return None
        customer = acting.customer
        fine = customer.is_active and not customer.is_staff
        return acting if fine and rights.may(request.user, Ability.ACT) else None

    @staticmethod
    def _over(request: HttpRequest) -> HttpResponse:
        acting = _acting(request)
        del request.session[SESSION_KEY]
        if acting is not None:
            end(acting, "Its time was up, or the right to it was gone")
        if _by_script(request):
            return _refusal("Looking as a customer has ended.")
        messages.info(request, "Looking as a customer has ended.")
        return redirect("admin:index")


def _acting(request: HttpRequest) -> Acting | None:
    """Only ever the staff person's own."""
    if not isinstance(request.user, User) or not request.user.is_authenticated:
        return None
    rows = Acting.objects.select_related("staff", "customer", "account")
    pk = UUID(request.session[SESSION_KEY])
    return rows.filter(pk=pk, staff=request.user.pk).first()


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""


def refuse(request: HttpRequest) -> HttpResponse:
    if _by_script(request):
        return _refusal(REFUSED)
    return render(request, "support/acting_refused.html", status=403)


def _refusal(words: str) -> JsonResponse:
    error = {"code": "acting", "message": words, "field": ""}
    return JsonResponse({"errors": [error]}, status=403)


def _by_script(request: HttpRequest) -> bool:
    return wants_json(request) or "HX-Request" in request.headers
