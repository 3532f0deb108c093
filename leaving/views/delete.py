"""Delete oneself, or the account one owns: told beforehand, asked once more (R-I3)."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import person
from accounts.fresh import fresh_required
from accounts.models import Account
from core.errors import DomainError
from core.holdings import KEPT
from leaving.actions.leave import delete_account, delete_person
from leaving.forms import LeaveForm, SureForm
from leaving.models import Deletion
from leaving.outlook import of_account, of_person

PEOPLE_SHOWN = 10


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@fresh_required()
def leave(request: HttpRequest) -> HttpResponse:
    outlook = of_person(person(request))
    form = LeaveForm(outlook.owned, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            deletion = delete_person(person=person(request), heirs=form.heirs())
        except DomainError as error:
            form.refuse(error)
        else:
            logout(request)
            return _receipt(deletion)
    context = {"form": form, "outlook": outlook, "days": KEPT.days}
    return _page(request, "leaving/leave.html", form, context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@fresh_required()
def account(request: HttpRequest) -> HttpResponse:
    found = get_object_or_404(Account, owner=person(request))
    form = SureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            deletion = delete_account(account=found, actor=person(request))
        except DomainError as error:
            form.refuse(error)
        else:
            return _receipt(deletion)
    context = {"form": form, "owned": of_account(found), "days": KEPT.days}
    return _page(request, "leaving/account.html", form, context)


def _receipt(deletion: Deletion) -> HttpResponse:
    return redirect("leaving:receipt", code=deletion.code)


def _page(
    request: HttpRequest, template: str, form: SureForm, context: dict[str, object]
) -> HttpResponse:
    context["people_shown"] = f":{PEOPLE_SHOWN}"
    return render(request, template, context, status=422 if form.errors else 200)
