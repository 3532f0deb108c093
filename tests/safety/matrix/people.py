"""Everybody who comes to a door, and what the role table lets them do (R-A6, R-B1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.test import Client
from django.test.client import ClientHandler

from accounts.models import Membership, Role, User
from accounts.rights import GRANTED, Right
from profiles.views.common import SESSION_KEY
from tests.people import person
from tests.safety.matrix.act import Act, Need
from tests.safety.matrix.world import BROWSER, Side, World


class Outcome(StrEnum):
    SIGN_IN = "is sent to the sign-in"
    NOT_THERE = "gets a 404"
    REFUSED = "is refused"
    LET_IN = "is let in"


@cache
def _handler(forgery: bool) -> ClientHandler:
    """Loading the middleware, static files and all, costs more than a request."""
    return ClientHandler(enforce_csrf_checks=forgery)


@dataclass
class Visitor:
    """`role` is the one in our group; None: a stranger there. `user` None: nobody."""

    name: str
    user: User | None
    role: Role | None
    # The side whose things this person has at home, where addresses name none.
    home: Side
    cookie: str = ""

    def __post_init__(self) -> None:
        if self.user is not None:
            self.cookie = _session(self.user)

    def client(self, *, forgery: bool = False) -> Client:
        """A fresh one for each request: what an answer sets doesn't stay."""
        client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
        client.handler = _handler(forgery)
        if self.cookie:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookie
        return client

    def owns(self, side: Side) -> bool:
        return self.user == side.owner

    def expected(self, act: Act, *, named: bool) -> Outcome:
        """`named`: the address holds ids, all of our side."""
        if act.need == Need.NOTHING:
            return Outcome.LET_IN
        if self.user is None or not self.user.is_active:
            return Outcome.SIGN_IN
        if act.need == Need.SIGNED_IN:
            return Outcome.LET_IN
        return self._in_group(act) if named else self._at_home(act)

    def _at_home(self, act: Act) -> Outcome:
        """Pages of one's own account: not there for who owns none."""
        return Outcome.LET_IN if self.owns(self.home) else Outcome.NOT_THERE

    def _in_group(self, act: Act) -> Outcome:
        if act.need == Need.SELF or self.role is None:
            mine = act.need == Need.SELF and self.role == Role.OWNER
            return Outcome.LET_IN if mine else Outcome.NOT_THERE
        if act.need == Need.OWNER:
            return Outcome.LET_IN if self.role == Role.OWNER else self._not_owner(act)
        if isinstance(act.need, Right) and act.need not in GRANTED[self.role]:
            return Outcome.REFUSED
        return Outcome.LET_IN

    def _not_owner(self, act: Act) -> Outcome:
        """An owner's act on a group's page is refused; an owner's page isn't there."""
        return Outcome.REFUSED if act.in_group else Outcome.NOT_THERE


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    session = client.session
    session[SESSION_KEY] = BROWSER
    # Just signed in: dangerous acts don't ask once more.
    record_authentication(SimpleNamespace(session=session), user, "password")
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def everybody(world: World) -> list[Visitor]:
    ours, theirs = world.ours, world.theirs
    found = [
        Visitor("nobody", None, None, ours),
        Visitor("another tenant's owner", theirs.owner, None, theirs),
    ]
    found.append(_colleague(world, Role.OWNER))
    found += [_member(ours, role) for role in Role if role != Role.OWNER]
    found.append(Visitor("owner", ours.owner, Role.OWNER, ours))
    found += _outsiders(ours)
    return found


def _colleague(world: World, role: Role) -> Visitor:
    """In the same account, as high as can be, but in the sister group only."""
    user = person(f"Sister-{role}")
    Membership.objects.create(user=user, group=world.sister.group, role=role)
    return Visitor(f"{role} of the sister group", user, None, world.ours)


def _member(side: Side, role: Role) -> Visitor:
    user = person(f"Our-{role}")
    Membership.objects.create(user=user, group=side.group, role=role)
    return Visitor(str(role), user, role, side)


def _outsiders(ours: Side) -> list[Visitor]:
    gone = person("Gone", is_active=False)
    Membership.objects.create(user=gone, group=ours.group, role=Role.REVIEWER)
    staff = person("Staff", is_staff=True)
    root = person("Root", is_staff=True, is_superuser=True)
    return [
        Visitor("a deactivated reviewer", gone, Role.REVIEWER, ours),
        Visitor("staff without a group", staff, None, ours),
        Visitor("a superuser", root, None, ours),
    ]
