"""Security: password, second steps, and where one is signed in (R-A7, R-A8)."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import person
from accounts.actions.two_step import require_two_step
from accounts.fresh import fresh_required
from accounts.models import User
from accounts.signin import required, sessions
from accounts.views.users import account_of
from core.errors import DomainError

PAGE = "accounts:security"
Type = Authenticator.Type


@login_required
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context = _second_steps(user) | {
        "places": sessions.places(request),
        "asked": required.is_asked(user),
    }
    return render(request, "accounts/security.html", context)


def _second_steps(user: User) -> dict[str, Any]:
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    codes = next((row for row in rows if row.type == Type.RECOVERY_CODES), None)
    return {
        "app": next((row for row in rows if row.type == Type.TOTP), None),
        "keys": [row for row in rows if row.type == Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
    }


@login_required
@never_cache
@require_GET
def two_step_needed(request: HttpRequest) -> HttpResponse:
    """Where those are led who must set it up before anything else."""
    user = person(request)
    if not required.is_missing(user):
        return redirect("home")
    return render(request, "accounts/two_step_needed.html", {"staff": user.is_staff})


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    ended = sessions.end(request, session_id)
    if not request.user.is_authenticated:
        return redirect("home")
    words = "That browser is signed out." if ended else "It was signed out already."
    messages.success(request, words)
    return redirect(PAGE)


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    sessions.end_others(request, person(request))
    messages.success(request, "Every other browser is signed out.")
    return redirect(PAGE)


@login_required
@require_POST
@fresh_required(back="accounts:users")
def require_of_all(request: HttpRequest) -> HttpResponse:
    account, on = account_of(request), request.POST.get("required") == "on"
    try:
        require_two_step(account=account, actor=person(request), required=on)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        words = "now required of everybody" if on else "everybody's own choice now"
        messages.success(request, f"Two-step sign-in is {words}.")
    return redirect("accounts:users")


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if adapter.can_delete_authenticator(self.get_object()):
            answer: HttpResponse = super().form_valid(form)
            return answer
        words = adapter.error_messages["cannot_delete_authenticator"]
        messages.error(self.request, words)
        return redirect(PAGE)


class ConfirmByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponse:
        """Back here to try again, not to the sign-in page."""
        for words in form.errors.get("credential", []):
            messages.error(self.request, words)
        return redirect(self.passthrough_next_url(self.request.path))
