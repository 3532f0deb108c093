"""Staff coming and going, for the audit trail; told by Django's own sign-in signals."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)

from accounts.audit import Deed, record
from accounts.models import User
from accounts.people import with_address
from support.acting import Acting
from support.actions.act import end


def watch() -> None:
    user_logged_in.connect(_came, dispatch_uid="support.presence.came")
    user_logged_out.connect(_went, dispatch_uid="support.presence.went")
    user_login_failed.connect(_failed, dispatch_uid="support.presence.failed")


def _came(user: User, **_: Any) -> None:
    _record("staff.signed_in", user)


def _went(user: User | None, **_: Any) -> None:
    """No look through a customer's eyes outlives it."""
    _record("staff.signed_out", user)
    if user is not None and user.is_staff:
        for acting in Acting.objects.going_on().filter(staff=user):
            end(acting, "Signed out")


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    """Somebody at the door of a staff person: who it was isn't known."""
    email = credentials.get("email") or credentials.get("username") or ""
    user = with_address(str(email))
    if user is not None and user.is_staff:
        record(Deed("staff.sign_in_failed", about=user), actor=None)


def _record(verb: str, user: User | None) -> None:
    if user is not None and user.is_staff:
        record(Deed(verb, about=user), actor=user)
