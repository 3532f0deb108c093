"""Dangerous acts ask who is there once more: by password, code or passkey.

`@fresh_required()` under `@login_required`; for what is not a page, `require_fresh`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from core.errors import DomainError

View = Callable[..., HttpResponseBase]


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session proved who it is within the last minutes."""
    records = get_authentication_records(request, request.user)
    age = time.time() - records[-1]["at"] if records else None
    return age is not None and 0 <= age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def require_fresh(request: HttpRequest) -> None:
    """For the API, which can't show a page in between."""
    if not is_fresh(request):
        words = "Confirm that it is you on the Security page, then try again."
        raise DomainError("not_fresh", words)


def fresh_required(*, back: str = "") -> Callable[[View], View]:
    """Ask first, then come back: to the same address, or to the page named `back`.

    What was posted is never kept and replayed: the person presses the button again.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(
            request: HttpRequest, *args: object, **more: object
        ) -> HttpResponseBase:
            if is_fresh(request):
                return view(request, *args, **more)
            return ask(request, reverse(back) if back else "")

        return asked

    return decorate


def ask(request: HttpRequest, back: str = "") -> HttpResponse:
    """Lead to the question who it is, and from there back."""
    here = request.get_full_path() if request.method == "GET" else request.path
    address = f"{_way(request)}?{urlencode({'next': back or here})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _way(request: HttpRequest) -> str:
    if not request.user.is_authenticated:
        return reverse("account_login")
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    return str(ways[0]["url"]) if ways else reverse("account_reset_password")
