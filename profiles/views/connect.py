"""Begin to connect: what will be asked and why, then off to the platform (R-C3)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import group_of, person
from accounts.limits import limited
from accounts.models import AccessGroup
from accounts.moved import follows
from accounts.rights import Right, may
from core.away import leads_away
from core.errors import DomainError
from core.limits import Limit
from platforms.adapter import Adapter
from platforms.types import Method
from profiles.actions.begin import Begun, Start, begin, local_path, session_hash
from profiles.errors import JourneyRefused
from profiles.forms import MethodForm
from profiles.models import Journey, SocialProfile, SocialSet
from profiles.offers import arrived
from profiles.queries import profile_of, slot_of
from profiles.views.arrive import arrive
from profiles.views.common import (
    adapter_or_404,
    browser_secret,
    journey_url,
    whereabouts,
)
from profiles.words import CONNECT_ONLY

# Each may ask a server that somebody typed: nobody shall knock at doors through us.
STARTS = Limit("connect", times=100, seconds=600)


@dataclass(frozen=True)
class Ask:
    """What the address says: which slot, by which method, and where to go after."""

    group: AccessGroup
    adapter: Adapter
    social_set: SocialSet
    profile: SocialProfile | None
    method: Method | None
    again: bool
    next: str

    @property
    def query(self) -> str:
        """The address's own query, without the method."""
        parts = {"set": self.social_set.pk, "next": self.next}
        if self.profile is not None:
            parts |= {"profile": self.profile.pk, "again": "1" if self.again else ""}
        return urlencode({name: value for name, value in parts.items() if value})


@login_required
@leads_away
@limited(STARTS, "POST")
@require_http_methods(["GET", "POST"])
@follows(whereabouts)
def connect(request: HttpRequest, group_id: UUID, platform: str) -> HttpResponse:
    group = group_of(request, group_id)
    ask = _ask(request, group, adapter_or_404(platform))
    if request.method == "GET" or ask.method is None:
        form = MethodForm(ask.method) if ask.method else None
        return render(request, "profiles/connect.html", _context(request, ask, form))
    form = MethodForm(ask.method, request.POST)
    try:
        form.full_clean()
        begun = begin(_start(request, ask, form), actor=person(request))
    except DomainError as error:
        form.refuse(error)
        context = _context(request, ask, form)
        return render(request, "profiles/connect.html", context, status=422)
    return _onward(request, begun)


def _ask(request: HttpRequest, group: AccessGroup, adapter: Adapter) -> Ask:
    words = request.GET
    profile = _profile(group, words.get("profile", ""), adapter)
    return Ask(
        group=group,
        adapter=adapter,
        social_set=profile.social_set
        if profile
        else _set(group, words.get("set", ""), adapter),
        profile=profile,
        method=_method(adapter, words.get("method", ""), profile),
        again=bool(words.get("again")),
        next=local_path(words.get("next", "")),
    )


def _profile(group: AccessGroup, text: str, adapter: Adapter) -> SocialProfile | None:
    if not text:
        return None
    profile = profile_of(group, _uuid(text))
    if profile.platform != adapter.key:
        raise Http404
    return profile


def _set(group: AccessGroup, text: str, adapter: Adapter) -> SocialSet:
    """The one asked for, else the first with an empty slot, else the first."""
    sets = group.social_sets.all()
    if text:
        found = sets.filter(pk=_uuid(text)).first()
    else:
        held = SocialProfile.objects.active().filter(platform=adapter.key)
        free = sets.exclude(profiles__in=held)
        found = free.first() or sets.first()
    if found is None:
        raise Http404
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _method(
    adapter: Adapter, wanted: str, profile: SocialProfile | None
) -> Method | None:
    """The one asked for, the one the profile was connected by, or the first."""
    offered = {method.key: method for method in adapter.offered()}
    before = profile.connection.method if profile else ""
    found = offered.get(wanted) or offered.get(before)
    return found or next(iter(offered.values()), None)


def _start(request: HttpRequest, ask: Ask, form: MethodForm) -> Start:
    assert ask.method is not None, "without a method there is no form"
    return Start(
        social_set=ask.social_set,
        platform=ask.adapter.key,
        method=ask.method.key,
        session=browser_secret(request),
        inputs=form.inputs(),
        profile=ask.profile,
        again=ask.again,
        return_to=ask.next,
    )


def _onward(request: HttpRequest, begun: Begun) -> HttpResponse:
    if begun.url:
        return redirect(begun.url)
    if begun.journey.code_hash:
        return redirect(journey_url("wait", begun.journey))
    return arrive(begun.journey, person(request))


def _context(
    request: HttpRequest, ask: Ask, form: MethodForm | None
) -> dict[str, object]:
    settings_url = reverse("profiles:settings", kwargs={"group_id": ask.group.pk})
    return {
        "ask": ask,
        "adapter": ask.adapter,
        "facts": ask.adapter.facts,
        "form": form,
        "methods": ask.adapter.offered(),
        "permissions": ask.adapter.permissions(ask.method.key) if ask.method else (),
        "needed_settings": _needed_settings(ask.adapter),
        "slot": slot_of(ask.profile) if ask.profile else None,
        "allowed": may(person(request), ask.group, Right.CONNECT),
        "back_url": ask.next or settings_url,
        "waiting_url": _waiting_url(request, ask),
        "stale": "stale" in request.GET,
        "connect_only": CONNECT_ONLY.format(name=ask.adapter.name),
    }


def _waiting_url(request: HttpRequest, ask: Ask) -> str:
    """A sign-in of this browser that is through and waits for a choice, or ""."""
    rows = Journey.objects.open().filter(
        user=person(request),
        group=ask.group,
        platform=ask.adapter.key,
        profile=ask.profile,
        code_hash="",
        returned_at__isnull=False,
        session_hash=session_hash(browser_secret(request)),
    )
    journey = rows.order_by("-returned_at").first()
    # One that can't be read any more is no way on, and must not stand in the way.
    with suppress(JourneyRefused):
        return journey_url("pick", journey) if journey and arrived(journey) else ""
    return ""


def _needed_settings(adapter: Adapter) -> list[str]:
    """For the operator, when no method can be offered yet."""
    names = {name for method in adapter.methods for name in method.credentials}
    return sorted(f"PLATFORM_{name}" for name in names)
