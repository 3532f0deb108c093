"""Get Help: asked from any page, answered by mail and here (R-G9)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import person
from accounts.limits import limited
from accounts.models import User
from core.errors import DomainError
from core.limits import Limit
from notifications.own_zone import in_own_zone
from support.actions.help import Asker, ask, reply
from support.help_forms import HelpForm, ReplyForm
from support.help_request import HelpMessage, HelpRequest
from support.place import Place, find

OFTEN = Limit("help", times=10, seconds=3_600)
SHOWN = 20


@never_cache
@require_http_methods(["GET", "POST"])
@limited(OFTEN, "POST")
@in_own_zone
def help_page(request: HttpRequest) -> HttpResponse:
    """The form; as a dialog over the page where the button was pressed, if it can be."""
    place = find(_from(request), request.user)
    form = _form(request, place)
    if request.method == "POST" and form.is_valid():
        try:
            return _asked(request, form, place)
        except DomainError as error:
            form.refuse(error)
    return _page(request, form, place)


def _from(request: HttpRequest) -> str:
    """The page in hand: it is told, and what is hidden in the form repeats it."""
    return request.POST.get("page", "") or request.GET.get("page", "")


def _form(request: HttpRequest, place: Place) -> HelpForm:
    known = request.user.is_authenticated
    return HelpForm(
        signed_in=known,
        story=bool(place.story),
        data=request.POST if request.method == "POST" else None,
        initial={"page": place.path, "attach": True},
    )


def _asked(request: HttpRequest, form: HelpForm, place: Place) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    if not form.cleaned_data.get("attach"):
        place = replace(place, story=[])
    asker = Asker(
        user=user,
        email=str(form.cleaned_data.get("email", "")),
        browser=request.headers.get("User-Agent", ""),
    )
    found = ask(asker=asker, text=str(form.cleaned_data["text"]), place=place)
    messages.success(request, "Sent. We answer by e-mail.")
    if user is None:
        return redirect("help:sent")
    return redirect("help:request", request_id=found.pk)


def _page(request: HttpRequest, form: HelpForm, place: Place) -> HttpResponse:
    mine = _mine(person(request)) if request.user.is_authenticated else []
    context = {"form": form, "place": place, "mine": mine}
    in_place = bool(getattr(request, "htmx", False))
    name = "_dialog" if in_place else "help" if request.user.is_authenticated else "ask"
    status = 422 if form.errors else 200
    return render(request, f"support/{name}.html", context, status=status)


def _mine(user: User) -> list[HelpRequest]:
    """The latest, each with the beginning of what was asked."""
    first = HelpMessage.objects.filter(request=OuterRef("pk")).order_by("pk")
    rows = HelpRequest.objects.filter(user=user)
    asked = rows.annotate(question=Subquery(first.values("text")[:1]))
    return list(asked[:SHOWN])


@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """For those who aren't signed in, and have nothing here to read the answer in."""
    return render(request, "support/sent.html")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@limited(OFTEN, "POST")
@in_own_zone
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    mine = HelpRequest.objects.filter(user=person(request))
    found = get_object_or_404(mine, pk=request_id)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            text = str(form.cleaned_data["text"])
            reply(request=found, actor=person(request), text=text)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, "Sent. We answer by e-mail.")
            return redirect("help:request", request_id=found.pk)
    said = found.messages.select_related("author")
    context = {"asked": found, "said": said, "form": form}
    status = 422 if form.errors else 200
    return render(request, "support/request.html", context, status=status)
