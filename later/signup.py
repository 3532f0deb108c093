"""What signing up sets up, across apps: account, Access Group, Social Set."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from accounts.actions.groups import open_account
from accounts.models import User
from accounts.people import accounts_of
from accounts.signin.adapter import SignInAdapter
from profiles.actions.sets import create_set


class AccountAdapter(SignInAdapter):
    def save_user(
        self, request: HttpRequest, user: User, form: Any, commit: bool = True
    ) -> User:
        user.email = form.cleaned_data["email"].lower()
        user.name = form.cleaned_data["name"]
        user.set_password(form.cleaned_data["password1"])
        with transaction.atomic():
            user.timezone = form.cleaned_data["timezone"]
            user.save()
            welcome(user, timezone=user.timezone)
        return user


@transaction.atomic
def welcome(user: User, *, timezone: str) -> None:
    group = open_account(owner=user, name=user.get_short_name(), timezone=timezone)
    create_set(group=group, actor=user, name="My social set")


@transaction.atomic
def start_anew(user: User) -> None:
    """Once, however often it is pressed; nothing for somebody who is in an account, or
    is staff."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_staff and not accounts_of(locked).exists():
        welcome(locked, timezone=locked.timezone or "UTC")
