"""Programs are never led from HTTP to HTTPS: they would go on sending secrets in clear.

A person's browser is (settings.SECURE_SSL_REDIRECT); for a program the first call fails.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

# Addresses that programs alone call, as SECURE_REDIRECT_EXEMPT writes them.
ADDRESSES = ("api/", "hooks/")
_REFUSED = {"code": "https_only", "message": "Use https://.", "field": ""}


class EncryptedMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        program = request.path.lstrip("/").startswith(ADDRESSES)
        if program and settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return JsonResponse({"errors": [_REFUSED]}, status=403)
        return self.get_response(request)
