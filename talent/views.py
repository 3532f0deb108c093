from __future__ import annotations

from urllib.parse import urlencode

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
    query = request.GET
    found = roster_of(person(request), query.get("q", ""), query.get("page", ""))
    kept = f"{urlencode({'q': found.words})}&" if found.words else ""
    return render(request, "talent/roster.html", {"roster": found, "query": kept})
