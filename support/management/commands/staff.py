"""Make staff, give and take their groups; all of it stands in the audit trail."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts.audit import Deed, record
from accounts.models import User
from accounts.people import accounts_of, with_address
from support.rights import Kind, group_name, kinds_of


class Command(BaseCommand):
    help = "List staff; with an address, give and take staff groups."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = [kind.value for kind in Kind]
        parser.add_argument("email", nargs="?", help="whose; without: all staff")
        parser.add_argument(
            "--new", metavar="NAME", help="nobody has it yet: a sign-in in no account"
        )
        parser.add_argument("--give", nargs="+", default=[], choices=kinds)
        parser.add_argument("--take", nargs="+", default=[], choices=kinds)
        parser.add_argument("--dismiss", action="store_true", help="no staff any more")
        parser.add_argument("--reason", default="", help="kept in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["email"]:
            self._list()
            return
        user = with_address(options["email"])
        if user is None:
            if not options["new"]:
                raise CommandError("Nobody has this address. Add --new 'Their Name'.")
        elif options["new"]:
            raise CommandError("Somebody has this address. Leave --new out.")
        with transaction.atomic():
            user = user or begin(options["email"], options["new"])
            change(user, options)
        if options["new"]:
            self._say_how()
        self._say(User.objects.get(pk=user.pk))

    def _list(self) -> None:
        for user in User.objects.filter(is_staff=True).order_by("email"):
            self._say(user)

    def _say(self, user: User) -> None:
        kinds = ", ".join(sorted(kinds_of(user)))
        state = kinds or ("in no group: sees nothing" if user.is_staff else "no staff")
        self.stdout.write(f"{user.email}: {state}")

    def _say_how(self) -> None:
        where = f"{settings.BASE_URL}{reverse('forgot')}"
        self.stdout.write(f"They choose their password by mail: {where}")


def begin(email: str, name: str) -> User:
    """Somebody without an account: signing up would open one, which staff can't have.

    Only who reads the address's mail can choose the password.
    """
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError("That is no e-mail address.") from None
    user = User.objects.create_user(email.lower(), None, name=name)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def change(user: User, options: dict[str, Any]) -> None:
    given = [] if options["dismiss"] else options["give"]
    taken = list(Kind) if options["dismiss"] else options["take"]
    if given and accounts_of(user).exists():
        words = "They are in an account. Take an address that nobody has, with --new."
        raise CommandError(words)
    for kind in given:
        user.groups.add(Group.objects.get_or_create(name=group_name(Kind(kind)))[0])
    names = [group_name(Kind(kind)) for kind in taken]
    user.groups.remove(*Group.objects.filter(name__in=names))
    staff = not options["dismiss"] and (user.is_staff or bool(given))
    if staff != user.is_staff:
        user.is_staff = staff
        user.save(update_fields=["is_staff"])
    if given or taken:
        words = " ".join([*(f"+{kind}" for kind in given), *(f"-{k}" for k in taken)])
        deed = Deed("staff.groups_changed", words, user, reason=options["reason"])
        record(deed, actor=None)
