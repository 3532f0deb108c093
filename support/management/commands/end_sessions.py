"""Sign somebody out everywhere, or everybody: audited, and the person is told."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.audit import Deed, record
from accounts.models import User
from accounts.people import with_address
from notifications.actions import notify

TEXT = (
    "Whoever runs this installation signed you out everywhere: {reason}\n\nYour "
    "password still works. If you don't know why this happened, choose a new one."
)


class Command(BaseCommand):
    help = "End all sessions of one person, or with --everybody of all people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", nargs="?", help="whose")
        parser.add_argument("--everybody", action="store_true")
        parser.add_argument("--reason", required=True, help="the person reads it")

    def handle(self, *args: Any, **options: Any) -> None:
        email, reason = options["email"], options["reason"].strip()
        if bool(email) == options["everybody"]:
            raise CommandError("Name one address, or say --everybody.")
        if not reason:
            raise CommandError("Say why: it is kept, and the person reads it.")
        if options["everybody"]:
            self.stdout.write(f"{end_all(reason)} sessions ended.")
            return
        user = with_address(email)
        if user is None:
            raise CommandError("Nobody has this address.")
        self.stdout.write(f"{user.email}: {end_of(user, reason)} sessions ended.")


@transaction.atomic
def end_of(user: User, reason: str) -> int:
    rows = list(UserSession.objects.filter(user=user))
    for session in rows:
        session.end()
    record(Deed("sessions.ended", about=user, reason=reason), actor=None)
    notify(
        user=user,
        code="sessions.ended",
        title="You were signed out everywhere",
        text=TEXT.format(reason=reason),
        path="/user/security/",
        button="Open Security",
    )
    return len(rows)


@transaction.atomic
def end_all(reason: str) -> int:
    """Also those that nobody is signed in to: half-way sign-ins, invitations."""
    UserSession.objects.all().delete()
    gone = int(Session.objects.all().delete()[0])
    record(Deed("sessions.ended", "Of everybody", reason=reason), actor=None)
    return gone
