"""Social Sets & Access Groups: every slot with its state and one next action (R-B3)."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import group_of, person
from accounts.entitlements import use_of
from accounts.models import AccessGroup, User
from accounts.plans import Resource
from accounts.rights import Right, may
from core.errors import DomainError
from profiles.actions.sets import create_set, delete_set, rename_set
from profiles.forms import SetForm
from profiles.models import SocialSet
from profiles.overview import GroupCard, Narrowing, narrowing
from profiles.overview import overview as overview_of
from profiles.views.common import sent

PAGE = "profiles/settings.html"


@login_required
@require_GET
def overview(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """All groups of the person, the address's own on top; htmx asks for the list."""
    group = group_of(request, group_id)
    user = person(request)
    narrowed = narrowing(request.GET.get("q", ""), request.GET.get("show", ""))
    found = overview_of(user, group, narrowed, request.GET.get("page", ""))
    context = {
        "group": group,
        "overview": found,
        "allowed": _allowed(found.groups, user, group),
        "query": _query(narrowed),
        "use": use_of(group.account, Resource.SETS),
    }
    template = "profiles/_groups.html" if _asks_part(request) else PAGE
    answer = render(request, template, context)
    # One address, two answers: no cache may mix them up.
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _asks_part(request: HttpRequest) -> bool:
    """Going back, htmx wants the whole page again."""
    restores = "HX-History-Restore-Request" in request.headers
    return "HX-Request" in request.headers and not restores


def _allowed(cards: list[GroupCard], user: User, group: AccessGroup) -> bool:
    """Known already where the group is on the page."""
    found = [card.allowed for card in cards if card.id == group.pk]
    return found[0] if found else may(user, group, Right.CONNECT)


def _query(narrowed: Narrowing) -> str:
    """What the next page's address keeps."""
    pairs = {"q": narrowed.words, "show": narrowed.show}
    kept = urlencode({name: value for name, value in pairs.items() if value})
    return f"{kept}&" if kept else ""


@login_required
@require_http_methods(["GET", "POST"])
def new_set(request: HttpRequest, group_id: UUID) -> HttpResponse:
    group = group_of(request, group_id)
    form = SetForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = create_set(group=group, actor=person(request), name=_name(form))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{made.name} was created.")
            return _back(group)
    return _set_page(request, group, form, None)


@login_required
@require_http_methods(["GET", "POST"])
def edit_set(request: HttpRequest, group_id: UUID, set_id: UUID) -> HttpResponse:
    group = group_of(request, group_id)
    social_set = _set_of(group, set_id)
    form = SetForm(sent(request), initial={"name": social_set.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_set(social_set=social_set, actor=person(request), name=_name(form))
        except DomainError as error:
            form.refuse(error)
        else:
            return _back(group)
    return _set_page(request, group, form, social_set)


@login_required
@require_POST
def remove_set(request: HttpRequest, group_id: UUID, set_id: UUID) -> HttpResponse:
    group = group_of(request, group_id)
    social_set = _set_of(group, set_id)
    try:
        delete_set(social_set=social_set, actor=person(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{social_set.name} was deleted.")
    return _back(group)


def _set_of(group: AccessGroup, set_id: UUID) -> SocialSet:
    found = group.social_sets.filter(pk=set_id).first()
    if found is None:
        raise Http404
    return found


def _set_page(
    request: HttpRequest,
    group: AccessGroup,
    form: SetForm,
    social_set: SocialSet | None,
) -> HttpResponse:
    deletable = social_set is not None and not social_set.profiles.exists()
    context = {
        "group": group,
        "form": form,
        "social_set": social_set,
        "deletable": deletable and group.social_sets.count() > 1,
        "use": use_of(group.account, Resource.SETS),
    }
    status = 422 if form.errors else 200
    return render(request, "profiles/set.html", context, status=status)


def _name(form: SetForm) -> str:
    return str(form.cleaned_data["name"])


def _back(group: AccessGroup) -> HttpResponse:
    return redirect("profiles:settings", group_id=group.pk)
