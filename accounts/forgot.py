"""Forgot password. Apart from accounts.forms, which allauth's forms import."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from accounts.actions.invitations import renew_for
from accounts.signin.throttle import may_mail


class ForgotForm(ResetPasswordForm):  # type: ignore[misc]
    """R-A4: who was invited and never came in gets the way in instead."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email = str(self.cleaned_data["email"])
        if not may_mail(email):
            # The mails before this one are there, and their links work.
            return email
        if not self.users and renew_for(email):
            return email
        return str(super().save(request, **kwargs))
