"""Browsers in which somebody signed in before, by a signed cookie of a year.

It opens nothing. It gives its browser tries of its own, which strangers can't use up,
and spares its person the mail about a sign-in from a new device.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import TypeAlias
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

# Over HTTPS the browser takes it from this very host only.
COOKIE = "__Host-device" if settings.HTTPS else "device"
SALT = "accounts.signin.devices"
AGE_S = 365 * 24 * 3600
# People who share a browser.
MOST = 5

# Person's id → a name for this browser, and which password it was seen with.
People: TypeAlias = dict[str, list[str]]


def name_of(request: HttpRequest, ids: Iterable[UUID]) -> str:
    """This browser's name as one of these people's, "" when it is none's."""
    people = _people(request)
    found = (people[str(pk)][0] for pk in ids if str(pk) in people)
    return next(found, "")


def any_name(request: HttpRequest) -> str:
    """This browser's name as anybody's."""
    return min((entry[0] for entry in _people(request).values()), default="")


def is_known(request: HttpRequest, user: User) -> bool:
    """Whether the person signed in here since the password is what it is now."""
    entry = _people(request).get(str(user.pk))
    return entry is not None and entry[1] == _mark(user)


def remember(request: HttpRequest, user: User) -> None:
    """The answer to this request brings the cookie."""
    people = _people(request)
    name = people.pop(str(user.pk), [secrets.token_urlsafe(12)])[0]
    kept = dict(list(people.items())[-(MOST - 1) :])
    request.known_people = kept | {str(user.pk): [name, _mark(user)]}  # type: ignore[attr-defined]


def hand_out(request: HttpRequest, response: HttpResponse) -> None:
    """The cookie that `remember` noted."""
    people = getattr(request, "known_people", None)
    if people is None:
        return
    response.set_cookie(
        COOKIE,
        signing.dumps(people, salt=SALT),
        max_age=AGE_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _people(request: HttpRequest) -> People:
    noted: People | None = getattr(request, "known_people", None)
    if noted is not None:
        return dict(noted)
    try:
        found: People = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE_S
        )
    except signing.BadSignature:
        return {}
    return found


def _mark(user: User) -> str:
    """Another one with each password, and telling nothing of it."""
    digest = hashlib.sha256(user.get_session_auth_hash().encode())
    return digest.hexdigest()[:16]
