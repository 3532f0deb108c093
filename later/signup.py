"""What signing up sets up, across apps: account, Access Group, Social Set."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from accounts.actions.groups import open_account
from accounts.models import User
from accounts.signin.adapter import SignInAdapter
from profiles.actions.sets import create_set


class AccountAdapter(SignInAdapter):
    def save_user(
        self, request: HttpRequest, user: User, form: Any, commit: bool = True
    ) -> User:
        user.email = form.cleaned_data["email"].lower()
        user.name = form.cleaned_data["name"].strip()
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
