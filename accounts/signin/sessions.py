"""Where a person is signed in: seen when, from where, with which browser (R-A8)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from accounts.access import person
from accounts.models import User
from accounts.signin import browsers
from accounts.signin.client import client_address
from accounts.signin.required import SECOND_STEPS
from core import clock

# When the session was last written down as seen; written down at most this often.
SEEN = "seen_at"
SEEN_EVERY_S = 300
# A session ends when it wasn't used for so long, and at last whatever its use: each
# time it is written down, its cookie would else begin to live anew.
SINCE = "signed_in_at"
IDLE_S = 14 * 86_400
LONGEST_S = 30 * 86_400
LONGEST_AGENT = 200


@dataclass(frozen=True)
class Place:
    pk: int
    browser: str
    handheld: bool
    address: str
    since: datetime
    seen: datetime
    current: bool


def begin(request: HttpRequest) -> None:
    """Of a session that was just signed in."""
    request.session[SEEN] = request.session[SINCE] = int(time.time())


def is_over(request: HttpRequest) -> bool:
    seen, since = request.session.get(SEEN), request.session.get(SINCE)
    now = time.time()
    idle = seen is not None and now - seen > IDLE_S
    return idle or (since is not None and now - since > LONGEST_S)


def note_seen(request: HttpRequest) -> None:
    """Costs nothing within five minutes of the last time."""
    seen, now = request.session.get(SEEN), int(time.time())
    if seen is None or now - seen < SEEN_EVERY_S:
        return
    request.session[SEEN] = now
    UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=clock.now(),
        ip=client_address(request),
        user_agent=request.headers.get("User-Agent", "")[:LONGEST_AGENT],
    )


def places(request: HttpRequest) -> list[Place]:
    """This browser first, then the last seen; what ended by itself is left out."""
    rows = UserSession.objects.purge_and_list(person(request))
    if not any(row.is_current() for row in rows):
        UserSession.objects.create_from_request(request)
        rows = UserSession.objects.purge_and_list(person(request))
    found = [_place(row) for row in rows]
    return sorted(found, key=lambda one: (not one.current, -one.seen.timestamp()))


def end(request: HttpRequest, pk: int) -> bool:
    """Whether there was such a session of this person's."""
    rows = list(UserSession.objects.filter(user=person(request), pk=pk))
    end_sessions(request, rows)
    return bool(rows)


def end_others(request: HttpRequest, user: User) -> None:
    rows = UserSession.objects.filter(user=user)
    for row in rows.exclude(session_key=request.session.session_key):
        row.end()


def on_second_step(
    *, request: HttpRequest, user: User, authenticator: Any, **_: object
) -> None:
    """The first one: what was signed in without it is signed out."""
    if authenticator.type in SECOND_STEPS and _is_first(user, authenticator):
        end_others(request, user)


def _is_first(user: User, authenticator: Any) -> bool:
    rows = type(authenticator).objects.filter(user=user, type__in=SECOND_STEPS)
    return not rows.exclude(pk=authenticator.pk).exists()


def _place(row: Any) -> Place:
    return Place(
        pk=row.pk,
        browser=browsers.in_words(row.user_agent),
        handheld=browsers.is_handheld(row.user_agent),
        address=str(row.ip),
        since=row.created_at,
        seen=row.last_seen_at,
        current=row.is_current(),
    )
