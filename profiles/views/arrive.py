"""A sign-in is done: connect at once where nothing is to be asked, else the picker."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from profiles.actions.pick import automatic, pick
from profiles.models import Journey
from profiles.offers import offers_of
from profiles.views.common import journey_url


def arrive(journey: Journey, user: User) -> HttpResponse:
    choice = automatic(journey, offers_of(journey))
    if choice is not None:
        results = pick(journey=journey, choices=[choice], actor=user)
        if any(result.connected for result in results):
            return redirect(journey_url("done", journey))
    return redirect(journey_url("pick", journey))
