"""What all answers bear, and domain errors that no view translated."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.cache import has_vary_header

from accounts.signin.refusals import too_many_page
from core.errors import DomainError
from core.limits import TooMany

# What no page of ours asks of a device, and passkeys, which the sign-in does.
_NEVER = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
PERMISSIONS = ", ".join(
    [
        *(f"{name}=()" for name in _NEVER),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)


NUL = "%00"


class GuardMiddleware:
    """Headers that Django has no setting for. An answer's own come first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            # No database can look for it.
            return HttpResponseBadRequest("An address holds no NUL.")
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if has_vary_header(response, "Cookie"):
            # It depends on who asked: kept by no cache, also not after signing out.
            response.setdefault("Cache-Control", "private, no-store")
        return response


class DomainErrorMiddleware:
    """One place, the same words as the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        if isinstance(error, TooMany):
            return too_many_page(request, error.wait_s)
        if not isinstance(error, DomainError):
            return None
        context = {"message": error.message, "code": error.code}
        return render(request, "refused.html", context, status=409)
