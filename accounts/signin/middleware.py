"""Around every request: what sign-in still asks, and what it hands out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import person, wants_json
from accounts.fresh import ask
from accounts.signin import devices, required, sessions, throttle
from accounts.signin.refusals import too_many_page

# What is open to somebody who must set up a second step first: doing that, and leaving.
OPEN = {
    "account_confirm_email",
    "account_email",
    "account_email_verification_sent",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "accounts:two_step_needed",
    "forgot",
    "health_live",
    "health_ready",
    "health_worker",
    "metrics",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
}
NEEDED = "Set up two-step sign-in first: it is required for you."


class SignInMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        devices.hand_out(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _more: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.method == "POST":
            try:
                throttle.before_post(request, name)
            except throttle.TooMany as error:
                return too_many_page(request, error.wait_s)
        return self._second_step(request, view, name)

    def _second_step(
        self, request: HttpRequest, view: Any, name: str
    ) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        if sessions.is_over(request):
            # Goes on as nobody: what needs a person leads to the sign-in.
            logout(request)
            return None
        sessions.note_seen(request)
        if name in OPEN or not required.is_missing(person(request)):
            return None
        return _lead(request, view)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        """Before allauth, which would keep what was posted and play it back."""
        return ask(request) if isinstance(error, ReauthenticationRequired) else None


def _lead(request: HttpRequest, view: Any) -> HttpResponse:
    address = reverse("accounts:two_step_needed")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    # Django REST framework's views carry their class as `cls`.
    if wants_json(request) or hasattr(view, "cls"):
        error = {"code": "two_step_needed", "message": NEEDED, "field": ""}
        return JsonResponse({"errors": [error]}, status=403)
    return redirect(address)
