"""The way back from a platform's sign-in: check, exchange, keep who can be chosen."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

import structlog

from accounts.models import User
from accounts.rights import Right, require
from core import clock
from core.errors import DomainError
from core.oauth import state_hash
from core.patience import patience
from core.redact import redact
from platforms import registry
from platforms.errors import OperatorTrouble, PlatformError, RateLimited, Unavailable
from platforms.types import Grant
from profiles.actions.begin import LIFE, session_hash, visit_for
from profiles.errors import JourneyRefused
from profiles.models import Journey
from profiles.offers import offers_of_grant, seal_offers, way_out

log = structlog.get_logger(__name__)

# RFC 6749, section 4.1.2.1, and what platforms send in its stead.
DECLINED = frozenset(
    ("access_denied", "user_cancelled_authorize", "user_cancelled_login", "user_denied")
)

NOTHING = "Nothing was changed here."
NOT_HERE = (
    "This sign-in was not started in this browser, or somebody else was signed in here "
    "then, so it was not used. Start again, stay in one browser from there to here (an "
    "app's built-in browser is another one), and let it keep cookies."
)


def come_back(
    *, platform: str, query: Mapping[str, str], session: str, user: User
) -> Journey:
    """The journey with its identities sealed in it. Raises JourneyRefused.

    A state is good for one way back, whatever comes of it.
    """
    journey = _recognised(platform, query.get("state", ""), session, user)
    _require_right(journey, user)
    _use_up(journey)
    if query.get("error"):
        raise _declined(journey, query["error"], query.get("error_description", ""))
    way = way_out(journey)
    visit = visit_for(platform, journey.method, way.state, way.inputs, journey.again)
    try:
        with patience():
            grant = registry.get(platform).finish(visit, way.secret, query)
    except PlatformError as error:
        log.info("journey.refused", platform=platform, error=type(error).__name__)
        raise _failed(journey, "sign_in_failed", _said(error)) from None
    _arrive(journey, grant)
    return journey


def journey_of_state(platform: str, state: str) -> Journey | None:
    """For whoever holds the state, signed in or not: only to begin anew from there."""
    rows = Journey.objects.filter(platform=platform, state_hash=state_hash(state))
    return rows.first() if state else None


def _recognised(platform: str, state: str, session: str, user: User) -> Journey:
    """One answer for a forged, a foreign and another browser's state: no oracle."""
    rows = Journey.objects.select_related("group", "social_set", "profile")
    found = rows.filter(platform=platform, state_hash=state_hash(state), user=user)
    journey = found.first()
    if journey is None or not _same_browser(journey, session):
        raise JourneyRefused(
            "state_unknown",
            NOT_HERE,
        )
    if journey.expires_at <= clock.now():
        raise JourneyRefused(
            "journey_expired",
            "This sign-in took longer than 15 minutes, so it was not used.",
            journey=journey,
        )
    return journey


def _require_right(journey: Journey, user: User) -> None:
    """Taken away while the person was at the platform."""
    try:
        require(user, journey.group, Right.CONNECT)
    except DomainError as error:
        raise JourneyRefused(error.code, f"{error.message} {NOTHING}") from None


def _same_browser(journey: Journey, session: str) -> bool:
    return hmac.compare_digest(journey.session_hash, session_hash(session))


def _use_up(journey: Journey) -> None:
    rows = Journey.objects.filter(pk=journey.pk, returned_at=None, finished_at=None)
    now = clock.now()
    if rows.update(returned_at=now) != 1:
        raise JourneyRefused(
            "state_used",
            "This sign-in was used already.",
            journey=journey,
        )
    journey.returned_at = now


def _declined(journey: Journey, error: str, description: str) -> JourneyRefused:
    name = registry.get(journey.platform).name
    if error in DECLINED:
        return _failed(
            journey,
            "declined",
            f"You chose not to allow access at {name}. {NOTHING}",
        )
    said = redact(description or error, limit=160)
    return _failed(
        journey, "sign_in_failed", f"{name} ended the sign-in and said: {said}"
    )


def _said(error: PlatformError) -> str:
    """Trouble of the platform's own is called so: nobody here can mend it (R-C12)."""
    ours = isinstance(error, OperatorTrouble)
    if ours or not isinstance(error, Unavailable | RateLimited):
        return error.message
    return f"{error.message} The trouble is on its side. {NOTHING} Try again soon."


def _failed(journey: Journey, code: str, message: str) -> JourneyRefused:
    journey.error = message[:300]
    journey.finished_at = clock.now()
    journey.sealed = ""
    journey.save(update_fields=["error", "finished_at", "sealed"])
    return JourneyRefused(code, message, journey=journey)


def _arrive(journey: Journey, grant: Grant) -> None:
    seal_offers(journey, offers_of_grant(grant))
    journey.expires_at = clock.now() + LIFE
    journey.save(update_fields=["sealed", "expires_at"])
