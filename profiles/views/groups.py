"""Found an Access Group: the account's owner only (R-A6)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import person
from accounts.entitlements import use_of
from accounts.models import AccessGroup, Account
from accounts.plans import Resource
from core.errors import DomainError
from profiles.actions.groups import found_group
from profiles.forms import GroupForm
from profiles.views.common import sent


@login_required
@require_http_methods(["GET", "POST"])
def new_group(request: HttpRequest) -> HttpResponse:
    """For who owns no account this page isn't there."""
    account = get_object_or_404(Account, owner=person(request))
    form = GroupForm(sent(request), initial={"timezone": _zone(account)})
    if request.method == "POST" and form.is_valid():
        try:
            group = _found(request, account, form)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{group.name} was created.")
            return redirect("profiles:settings", group_id=group.pk)
    context = {"form": form, "use": use_of(account, Resource.GROUPS)}
    status = 422 if form.errors else 200
    return render(request, "profiles/group.html", context, status=status)


def _found(request: HttpRequest, account: Account, form: GroupForm) -> AccessGroup:
    return found_group(
        account=account,
        actor=person(request),
        name=str(form.cleaned_data["name"]),
        timezone=str(form.cleaned_data["timezone"]),
    )


def _zone(account: Account) -> str:
    """The zone of the group before: rosters mostly live in one place."""
    latest = account.groups.order_by("-created_at").first()
    return latest.timezone if latest else "UTC"
