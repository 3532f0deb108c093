"""On the way: wait for the bot, pick identities, see what became of each."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import group_of, person
from core.errors import DomainError
from core.queue import enqueue
from profiles.actions.begin import session_hash
from profiles.actions.pick import pick
from profiles.actions.places import Places
from profiles.forms import PickForm
from profiles.models import Journey
from profiles.offers import Offer, arrived, awaiting_of, offers_of
from profiles.views.callback import again_url
from profiles.views.common import adapter_or_404, browser_secret, journey_url, sent
from profiles.views.outcome import outcome
from profiles.views.picker import picker


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def choose(
    request: HttpRequest, group_id: UUID, platform: str, journey_id: UUID
) -> HttpResponse:
    journey = _journey(request, group_id, platform, journey_id)
    if not _choosing(journey) and not _in_chat(journey):
        return redirect(journey_url("done", journey))
    offers = offers_of(journey)
    places = Places(journey)
    form = PickForm(offers, sent(request))
    if request.method == "GET":
        return _picker(request, journey, places, form)
    try:
        form.full_clean()
        pick(journey=journey, choices=form.choices(), actor=person(request))
    except DomainError as error:
        form.add_error(None, error.message)
    journey.refresh_from_db()
    if journey.finished_at is not None:
        return redirect(journey_url("done", journey))
    return _picker(request, journey, places, form, status=422)


@never_cache
@login_required
@require_GET
def done(
    request: HttpRequest, group_id: UUID, platform: str, journey_id: UUID
) -> HttpResponse:
    journey = _journey(request, group_id, platform, journey_id)
    if _choosing(journey):
        return redirect(journey_url("pick", journey))
    return render(request, "profiles/done.html", outcome(journey))


@never_cache
@login_required
@require_GET
def wait(
    request: HttpRequest, group_id: UUID, platform: str, journey_id: UUID
) -> HttpResponse:
    """The page, or for htmx its panel; 204 while nothing is new."""
    journey = _journey(request, group_id, platform, journey_id)
    offers = offers_of(journey) if journey.is_open else []
    context = {
        "journey": journey,
        "adapter": adapter_or_404(platform),
        "offers": offers,
        "mark": _mark(journey, offers),
        "again_url": again_url(journey),
        "pick_url": journey_url("pick", journey),
    }
    if request.headers.get("HX-Request"):
        return _panel(request, context)
    awaiting = awaiting_of(journey) if journey.is_open else None
    if journey.is_open and awaiting is None:
        raise Http404
    context["awaiting"] = awaiting
    return render(request, "profiles/wait.html", context)


@login_required
@require_POST
def check_now(
    request: HttpRequest, group_id: UUID, platform: str, journey_id: UUID
) -> HttpResponse:
    """Ask a worker to look for news at once; the page shows them when it is back."""
    journey = _journey(request, group_id, platform, journey_id)
    enqueue("profiles.pull_updates")
    return redirect(journey_url("wait", journey))


def _journey(
    request: HttpRequest, group_id: UUID, platform: str, journey_id: UUID
) -> Journey:
    """The person's own, begun in this browser; a stranger's is not there."""
    group = group_of(request, group_id)
    adapter_or_404(platform)
    rows = Journey.objects.filter(group=group, platform=platform, user=person(request))
    found = rows.select_related("group__account", "social_set", "profile")
    journey = found.filter(pk=journey_id).first()
    secret = session_hash(browser_secret(request))
    if journey is None or not hmac.compare_digest(journey.session_hash, secret):
        raise Http404
    return journey


def _choosing(journey: Journey) -> bool:
    return journey.is_open and arrived(journey)


def _in_chat(journey: Journey) -> bool:
    """A bot's journey can be looked at before anything is there to choose from."""
    return journey.is_open and bool(journey.code_hash)


def _mark(journey: Journey, offers: Sequence[Offer]) -> str:
    """Changes with everything that the waiting panel shows."""
    shown = [str(journey.is_open), journey.person_id]
    shown += [f"{o.identity.external_id} {o.granted} {o.refused}" for o in offers]
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:16]


def _panel(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    if request.GET.get("mark") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, "profiles/_waiting.html", context)


def _picker(
    request: HttpRequest,
    journey: Journey,
    places: Places,
    form: PickForm,
    status: int = 200,
) -> HttpResponse:
    context = picker(journey, places, form)
    return render(request, "profiles/pick.html", context, status=status)
