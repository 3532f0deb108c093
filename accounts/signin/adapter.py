"""allauth's hooks: throttled, mailed about, and with our own address in every mail."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.fresh import is_fresh
from accounts.models import User
from accounts.signin import browsers, devices, letters, sessions, throttle
from accounts.signin.client import client_address, client_network
from accounts.signin.refusals import in_words
from core import clock

log = structlog.get_logger(__name__)


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This e-mail and password don't fit together.",
        "incorrect_password": "That isn't your password.",
        "enter_current_password": "That isn't your password.",
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Counted before the password is looked at, given back when it was right."""
        try:
            tries = throttle.before_password(request, str(credentials.get("email")))
        except throttle.TooMany as error:
            _log(request, "throttled")
            raise ValidationError(_wait(request, error.wait_s)) from None
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            tries.right()
        _log(request, "right" if user else "wrong", user)
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        first, known = user.last_login is None, devices.is_known(request, user)
        super().login(request, user)
        devices.remember(request, user)
        sessions.begin(request)
        if not (first or known):
            letters.new_device(request, user)

    def set_password(self, user: User, password: str) -> None:
        """Whoever may choose a new one, by mail or knowing the old, is at home here."""
        super().set_password(user, password)
        devices.remember(current.request, user)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        return not is_fresh(current.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def should_send_confirmation_mail(
        self, request: HttpRequest, email_address: Any, signup: bool
    ) -> bool:
        return throttle.may_mail(email_address.email)

    def send_account_already_exists_mail(self, email: str) -> None:
        """As slow as signing somebody up, so that the time tells nothing."""
        User().set_password(email)
        if throttle.may_mail(email):
            super().send_account_already_exists_mail(email)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What it tells of has happened: a mail server that is away can't undo it."""
        agent = self.get_http_user_agent(self.request)
        facts = {"user_agent": browsers.in_words(agent), "timestamp": _when(user)}
        facts |= context or {}
        try:
            super().send_notification_mail(template_prefix, user, facts, email)
        except (SMTPException, OSError) as error:
            log.warning("notice.not_mailed", error=type(error).__name__)

    def send_mail(self, prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links lead to our own address, whatever the request says it came to."""
        links = {k: at_home(v) for k, v in context.items() if k.endswith("_url")}
        super().send_mail(prefix, email, context | links)


def _log(request: HttpRequest, password: str, user: User | None = None) -> None:
    """Each try with a password, and from where; never the address that was typed."""
    found = {"user": str(user.pk)} if user else {}
    network = client_network(request)
    log.info("signin.tried", password=password, network=network, **found)


def at_home(url: str) -> str:
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{settings.BASE_URL}{parts.path}{query}"


def _wait(request: HttpRequest, wait_s: int) -> str:
    words = f"Too many tries. Wait {in_words(wait_s)}"
    if request.user.is_authenticated:
        return f"{words}, then try again."
    return f"{words}, or choose a new password by e-mail: that always works."


def _when(user: AbstractBaseUser) -> str:
    """In words, where the person is."""
    zone = getattr(user, "timezone", "") or "UTC"
    wall = clock.to_wall(clock.now(), zone)
    return f"{wall:%A, %-d %B %Y, %H:%M} ({zone})"
