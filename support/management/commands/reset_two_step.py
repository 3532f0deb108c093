"""For who lost phone, passkeys and recovery codes: audited, and the person is told."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.audit import Deed, record
from accounts.models import User
from accounts.people import with_address
from notifications.actions import notify

TEXT = (
    "Whoever runs this installation took your second steps away, because you asked for "
    "it: {reason}\n\nYou were signed out everywhere. Sign in with your password and set "
    "up new ones. It wasn't you who asked? Choose a new password at once, and tell us."
)


class Command(BaseCommand):
    help = "Take away all second steps of a person of whom you are sure who it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="the person reads it")

    def handle(self, *args: Any, **options: Any) -> None:
        user = with_address(options["email"])
        if user is None:
            raise CommandError("Nobody has this address.")
        if not options["reason"].strip():
            raise CommandError("Say why: it is kept, and the person reads it.")
        gone = reset(user, options["reason"].strip())
        if not gone:
            raise CommandError("They have no second step: nothing was changed.")
        self.stdout.write(f"{user.email}: {gone} second steps taken away, and told.")


@transaction.atomic
def reset(user: User, reason: str) -> int:
    """How many were there. Nobody stays signed in by what is now gone."""
    gone = int(Authenticator.objects.filter(user=user).delete()[0])
    if not gone:
        return 0
    for session in UserSession.objects.filter(user=user):
        session.end()
    record(Deed("two_step.reset", about=user, reason=reason), actor=None)
    notify(
        user=user,
        code="two_step.reset",
        title="Your second steps were taken away",
        text=TEXT.format(reason=reason),
        path="/user/security/",
        button="Set up two-step sign-in",
    )
    return gone
