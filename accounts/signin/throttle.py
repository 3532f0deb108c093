"""How often sign-in may be tried, so that guessing is hopeless and nobody locked out.

A browser its person signed in from before has tries of its own: whatever strangers do
to the same address, from wherever, it isn't slowed. All others share what is left. The
way round is always open: a new password by mail makes a browser a known one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower
from django.http import HttpRequest

from accounts.models import User
from accounts.signin import devices
from accounts.signin.buckets import Limit, Taken, take
from accounts.signin.client import client_network

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

# Wrong passwords: from a known browser; else for one address from one network, from
# one network, and for one address from everywhere.
KNOWN = Limit("password.known", 10, 15 * MINUTE)
PAIR = Limit("password.pair", 5, 10 * MINUTE)
NETWORK = Limit("password.network", 30, 10 * MINUTE)
ADDRESS = Limit("password.address", 50, HOUR)
# Wrong codes at the second step. Who tries them has the password.
CODE_KNOWN = Limit("code.known", 10, 15 * MINUTE)
CODE = Limit("code.person", 10, HOUR)
# Passwords and codes that a signed-in session is asked for.
SESSION = Limit("session", 10, 15 * MINUTE)
# Mails that anybody can have us send: the one before still works.
MAIL = Limit("mail", 5, HOUR)
# What is posted without being signed in, each for itself.
POSTS = {
    name: Limit(f"post.{name}", tries, HOUR)
    for name, tries in (
        ("account_signup", 20),
        ("account_reset_password", 20),
        ("forgot", 20),
        ("account_reset_password_from_key", 30),
        ("account_confirm_email", 60),
        ("mfa_login_webauthn", 120),
    )
}
# What a session posts that names a password, or has us write to any address.
SESSION_POSTS = {
    "account_change_password": SESSION,
    "account_email": Limit("post.account_email", 30, HOUR),
}


@dataclass
class TooMany(Exception):
    wait_s: int


@dataclass(frozen=True)
class Tries:
    """Counted before the try; given back when it was right."""

    taken: tuple[Taken, ...]

    @property
    def last(self) -> bool:
        """Whether the next one would be refused."""
        return any(not each.left for each in self.taken)

    def right(self) -> None:
        for each in self.taken:
            each.give_back()


def before_password(request: HttpRequest, email: str) -> Tries:
    if request.user.is_authenticated:
        return _take([(SESSION, _session(request))])
    address, network = email.strip().lower(), client_network(request)
    known = devices.name_of(request, _ids(address))
    if known:
        return _take([(KNOWN, known)])
    pair = (PAIR, f"{address}|{network}")
    return _take([pair, (NETWORK, network), (ADDRESS, address)])


def before_code(request: HttpRequest, user: User) -> Tries:
    if request.user.is_authenticated:
        return _take([(SESSION, _session(request))])
    known = devices.name_of(request, [user.pk])
    return _take([(CODE_KNOWN, known) if known else (CODE, str(user.pk))])


def before_post(request: HttpRequest, name: str) -> None:
    """`name`: of the address that is posted to."""
    if name in SESSION_POSTS and request.user.is_authenticated:
        _take([(SESSION_POSTS[name], _session(request))])
    elif name in POSTS:
        whose = devices.any_name(request) or client_network(request)
        _take([(POSTS[name], whose)])


def may_mail(address: str) -> bool:
    return take(MAIL, address.strip().lower()).allowed


def _take(asked: Iterable[tuple[Limit, str]]) -> Tries:
    taken: list[Taken] = []
    for limit, whose in asked:
        one = take(limit, whose)
        if not one.allowed:
            Tries(tuple(taken)).right()
            raise TooMany(one.wait_s)
        taken.append(one)
    return Tries(tuple(taken))


def _ids(address: str) -> set[UUID]:
    """Whoever signs in with this address."""
    people = User.objects.alias(lower=Lower("email")).filter(lower=address)
    others = EmailAddress.objects.filter(email=address)
    return {
        *people.values_list("pk", flat=True),
        *others.values_list("user", flat=True),
    }


def _session(request: HttpRequest) -> str:
    return str(request.session.session_key)
