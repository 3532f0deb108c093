"""What the pages of this app begin with."""

from __future__ import annotations

import secrets

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse

from platforms import registry
from platforms.adapter import Adapter
from profiles.models import Journey

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
