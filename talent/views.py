from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import person
from talent.queries import roster_of


@login_required
@require_GET
def roster(request: HttpRequest) -> HttpResponse:
    """All creators of the person, those who need a hand first (R-G1, R-G5)."""
    rows = roster_of(person(request))
    waiting = sum(1 for row in rows if row.attention)
    return render(request, "talent/roster.html", {"rows": rows, "waiting": waiting})
