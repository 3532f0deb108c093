"""What the pages of this app begin with."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse

from accounts.moved import in_group
from platforms import registry
from platforms.adapter import Adapter
from profiles.models import Journey, SocialProfile

SESSION_KEY = "connect_secret"
SECRET_BYTES = 32


def browser_secret(request: HttpRequest) -> str:
    """This browser's own random word: journeys are bound to it. Not a token."""
    found: str | None = request.session.get(SESSION_KEY)
    if found is None:
        found = secrets.token_urlsafe(SECRET_BYTES)
        request.session[SESSION_KEY] = found
    return found


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form got; None for a form that was only asked for."""
    return request.POST if request.method == "POST" else None


def adapter_or_404(platform: str) -> Adapter:
    try:
        return registry.get(platform)
    except registry.UnknownPlatform:
        raise Http404 from None


def journey_url(name: str, journey: Journey) -> str:
    kwargs = {
        "group_id": journey.group_id,
        "platform": journey.platform,
        "journey_id": journey.pk,
    }
    return reverse(f"profiles:{name}", kwargs=kwargs)


def whereabouts(request: HttpRequest) -> str:
    """Where the profile of an old address is now: in another group, or disconnected."""
    match = request.resolver_match
    named = match.kwargs.get("profile_id") if match else None
    rows = SocialProfile.objects.visible_to(request.user)
    found = _by_id(rows, str(named or request.GET.get("profile", "")))
    if found is None:
        return ""
    if found.removed_at is None:
        return in_group(request, found.group_id)
    kwargs = {"group_id": found.group_id, "profile_id": found.pk}
    return reverse("profiles:profile", kwargs=kwargs)


def _by_id(rows: QuerySet[SocialProfile], text: str) -> SocialProfile | None:
    try:
        return rows.filter(pk=UUID(text), connection__isnull=False).first()
    except ValueError:
        return None
