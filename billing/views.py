"""Settings, Plan: for the account's owner; and the address that Stripe calls."""

from __future__ import annotations

import structlog
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts.access import person
from accounts.models import Account
from billing import door, plan_page
from billing.actions.checkout import begin_checkout, open_portal
from billing.actions.events import Forged, receive
from core.away import leads_away
from core.errors import DomainError
from core.http import browser_url

log = structlog.get_logger(__name__)
MOST_BYTES = 256_000


def account_of(request: HttpRequest) -> Account:
    """The account that the person owns; for all others this page isn't there."""
    return get_object_or_404(Account, owner=person(request))


@login_required
@leads_away
@require_GET
def plan(request: HttpRequest) -> HttpResponseBase:
    # Its forms end at Stripe, and browsers hold the policy against redirects, too.
    forms = {"form-action": list(settings.FORMS_LEAD_TO)}
    return csp_update(forms)(_plan)(request)


def _plan(request: HttpRequest) -> HttpResponse:
    page = plan_page.of_account(account_of(request))
    # Stripe may lead back before its event has come to us.
    paid = page.subscription is not None and page.subscription.live
    waits = "bought" in request.GET and not paid
    context = {"page": page, "waits": waits}
    return render(request, "billing/plan.html", context)


@login_required
@require_POST
def checkout(request: HttpRequest) -> HttpResponse:
    account, wanted = account_of(request), request.POST.get("plan", "")
    try:
        url = begin_checkout(account=account, actor=person(request), plan=wanted)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("billing:plan")
    return HttpResponseRedirect(browser_url(url))


@login_required
@require_POST
def portal(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    try:
        url = open_portal(account=account, actor=person(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("billing:plan")
    return HttpResponseRedirect(browser_url(url))


@csrf_exempt
@require_POST
def stripe_hook(request: HttpRequest) -> HttpResponse:
    """200 also for what is no business of ours, else Stripe sends it for days."""
    if not door.enabled():
        raise Http404
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        receive(request.body, request.headers.get("Stripe-Signature", ""))
    except Forged as forged:
        log.warning("billing.forged", why=str(forged))
        return HttpResponseBadRequest()
    return HttpResponse()
