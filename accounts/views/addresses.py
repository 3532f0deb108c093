"""Where the link in a mail to a new address leads."""

from __future__ import annotations

import structlog
from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import person
from accounts.actions.addresses import add_address, address_in
from core.errors import DomainError

log = structlog.get_logger(__name__)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm_address(request: HttpRequest, key: str) -> HttpResponse:
    """Opening the mail is not confirming: scanners open links, too."""
    user = person(request)
    try:
        address = address_in(key, user)
        if request.method == "POST":
            add_address(person=user, key=key)
    except DomainError as error:
        context = {"refused": error.message}
        return render(request, "accounts/address.html", context, status=410)
    if request.method == "GET":
        return render(request, "accounts/address.html", {"address": address})
    log.info("address.added", user=str(user.pk))
    more = {"added_email": address}
    get_adapter(request).send_notification_mail("account/email/email_added", user, more)
    messages.success(request, f"{address} is confirmed.")
    return redirect("account_email")
