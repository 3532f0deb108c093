"""Your account, Your data: take it along, or have it deleted."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import person
from accounts.models import Account
from leaving.models import Export
from notifications.own_zone import in_own_zone

# Older ones are only a record that there were some.
SHOWN = 5


@login_required
@require_GET
@in_own_zone
def overview(request: HttpRequest) -> HttpResponse:
    account = Account.objects.filter(owner=person(request)).first()
    exports = Export.objects.filter(account=account)[:SHOWN] if account else []
    context = {
        "account": account,
        "exports": exports,
        "busy": any(export.open for export in exports),
    }
    return render(request, "leaving/data.html", context)
