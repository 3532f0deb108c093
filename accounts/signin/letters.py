"""Mails about sign-in itself. One that can't be sent stops nobody from signing in."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from accounts.models import User


def new_device(request: HttpRequest, user: User) -> None:
    get_adapter(request).send_notification_mail("account/email/new_device", user)


def password_known(request: HttpRequest, user: User) -> None:
    """Wrong codes, again and again, by somebody who had the password."""
    get_adapter(request).send_notification_mail("account/email/password_known", user)
