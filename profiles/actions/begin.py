"""Begin to connect: ask the platform where the person must go (R-C2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from accounts.rights import Right, require
from core import clock, http
from core.errors import DomainError
from core.oauth import new_state, state_hash
from core.patience import patience
from platforms import registry
from platforms.adapter import Adapter
from platforms.errors import PlatformError, Rejected
from platforms.types import Awaiting, Grant, Method, Redirect, Visit
from profiles.actions.registrations import KeptRegistrations
from profiles.models import Journey, SocialProfile, SocialSet
from profiles.offers import (
    WayOut,
    offers_of_grant,
    seal_awaiting,
    seal_offers,
    seal_way_out,
)

LIFE = timedelta(minutes=15)


@dataclass(frozen=True)
class Start:
    """What a person asked for. `profile` set: its slot signs in again (refresh).

    `session` is the browser's own secret, `return_to` a path of ours, or "".
    """

    social_set: SocialSet
    platform: str
    method: str
    session: str
    inputs: Mapping[str, str]
    profile: SocialProfile | None = None
    again: bool = False
    return_to: str = ""


@dataclass(frozen=True)
class Begun:
    """`url` is where the browser must go; "" when the journey goes on with us."""

    journey: Journey
    url: str = ""


def begin(start: Start, *, actor: User) -> Begun:
    """Raises DomainError with the field of the input that the platform refused."""
    require(actor, start.social_set.group, Right.CONNECT)
    adapter = registry.get(start.platform)
    method = _offered(adapter, start.method)
    _require_slot(start, adapter)
    state = new_state()
    visit = visit_for(start.platform, method.key, state, start.inputs, start.again)
    try:
        with patience():
            answer = adapter.begin(visit)
    except PlatformError as error:
        raise as_domain_error(error, method) from None
    journey = _journey(start, actor, state)
    url = _keep(journey, answer, visit)
    journey.save()
    return Begun(journey, url)


def visit_for(
    platform: str, method: str, state: str, inputs: Mapping[str, str], again: bool
) -> Visit:
    return Visit(
        method=method,
        redirect_uri=callback_url(platform),
        state=state,
        base_url=settings.BASE_URL,
        inputs=inputs,
        again=again,
        registrations=KeptRegistrations(platform),
    )


def callback_url(platform: str) -> str:
    """What the operator registers at the platform as our redirect address."""
    path = reverse("profiles:callback", kwargs={"platform": platform})
    return f"{settings.BASE_URL}{path}"


def session_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def as_domain_error(error: PlatformError, method: Method) -> DomainError:
    """The platform's refusal beside the input it names, or beside the only one."""
    code = type(error).__name__.lower()
    names = [item.name for item in method.inputs]
    if not isinstance(error, Rejected):
        return DomainError(code, error.message)
    field = names[0] if len(names) == 1 else error.field
    return DomainError(code, error.message, field=field if field in names else "")


def local_path(url: str) -> str:
    """`url` when it is a path of ours, else "": nobody is sent away from here."""
    parts = urlsplit(url)
    ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    path = parts.path.startswith("/") and not parts.netloc and not parts.scheme
    return url if ours and path and len(url) <= 300 else ""


def _offered(adapter: Adapter, key: str) -> Method:
    found = next((m for m in adapter.offered() if m.key == key), None)
    if found is None:
        raise DomainError(
            "method_unknown", f"Choose how to connect {adapter.name}.", field="method"
        )
    return found


def _require_slot(start: Start, adapter: Adapter) -> None:
    held = start.social_set.profiles.active().filter(platform=start.platform).first()
    if start.profile is None and held is not None:
        raise DomainError(
            "slot_taken",
            f"The {adapter.name} slot of {start.social_set.name} already holds "
            f"{held.label}. Disconnect it first, or use another Social Set.",
        )
    if start.profile is not None and start.profile != held:
        raise DomainError("profile_gone", "This profile was disconnected meanwhile.")


def _journey(start: Start, actor: User, state: str) -> Journey:
    return Journey(
        user=actor,
        group=start.social_set.group,
        social_set=start.social_set,
        profile=start.profile,
        platform=start.platform,
        method=start.method,
        again=start.again,
        state_hash=state_hash(state),
        session_hash=session_hash(start.session),
        return_to=local_path(start.return_to),
        expires_at=clock.now() + LIFE,
    )


def _keep(journey: Journey, answer: Redirect | Awaiting | Grant, visit: Visit) -> str:
    """Seal what the next step needs; the browser's address for a redirect."""
    if isinstance(answer, Redirect):
        seal_way_out(journey, WayOut(visit.state, visit.inputs, answer.secret))
        return http.browser_url(answer.url)
    if isinstance(answer, Awaiting):
        journey.code_hash = state_hash(answer.code)
        seal_awaiting(journey, answer)
    else:
        seal_offers(journey, offers_of_grant(answer))
        journey.returned_at = clock.now()
    return ""
