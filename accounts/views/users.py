"""Settings, Users: who is in the account, who is invited, and their roles (R-A6)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import hooks
from accounts.access import person
from accounts.actions.invitations import Invited, invite
from accounts.actions.members import Grants, set_roles
from accounts.entitlements import use_of
from accounts.forms import InviteForm, RolesForm
from accounts.limits import limited
from accounts.models import AccessGroup, Account, User
from accounts.people import people_of
from accounts.plans import Resource
from accounts.queries import held_roles, people_page, waiting_invitations
from core.errors import DomainError
from core.limits import Limit

BACK = "accounts:users"
# A roster by hand in an hour; more is no person who writes to people they know.
INVITATIONS = Limit("invite", times=300, seconds=3_600)


def account_of(request: HttpRequest) -> Account:
    """The account that the person owns; for all others this page isn't there."""
    return get_object_or_404(Account, owner=person(request))


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    context = {
        "account": account,
        "people": people_page(account),
        "invitations": waiting_invitations(account),
        "use": use_of(account, Resource.PEOPLE),
    }
    return render(request, "accounts/users.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@limited(INVITATIONS, "POST")
def invite_person(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    groups = list(account.groups.all())
    form = InviteForm(groups, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = _invite(account, person(request), form)
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, done)
            return redirect(BACK)
    return _invite_page(request, account, form, groups)


def _invite(account: Account, actor: User, form: InviteForm) -> Invited:
    return invite(
        account=account,
        actor=actor,
        email=str(form.cleaned_data["email"]),
        name=str(form.cleaned_data["name"]),
        grants=form.grants(),
    )


def _invite_page(
    request: HttpRequest,
    account: Account,
    form: InviteForm,
    groups: list[AccessGroup],
) -> HttpResponse:
    ticked = form.data.getlist("groups") if form.is_bound else []  # type: ignore[attr-defined]
    context = {
        "form": form,
        "groups": groups,
        "ticked": ticked,
        "many": len(groups) > 8,
        "use": use_of(account, Resource.PEOPLE),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/invite.html", context, status=status)


def say(request: HttpRequest, done: Invited) -> None:
    """What became of it: sent, to which address and why, or not at all."""
    if done.invitation is None:
        words = f"{done.used} is in your account already and got these groups."
        messages.success(request, words)
        return
    why = (
        f" {done.asked} belongs to another Later account, and an address belongs to "
        "one account at a time."
        if done.varied
        else ""
    )
    if done.mailed:
        messages.success(request, f"The invitation went to {done.used}.{why}")
    else:
        words = "but its mail couldn't be sent now. Send it again in a while."
        messages.warning(request, f"{done.used} is invited, {words}{why}")


@login_required
@require_http_methods(["GET", "POST"])
def edit_person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    account = account_of(request)
    colleague = _colleague(account, user_id)
    groups = list(account.groups.all())
    held = held_roles(account, colleague)
    data = request.POST if request.method == "POST" else None
    form = RolesForm(groups, held, data)
    if request.method == "POST" and form.is_valid():
        try:
            _set_roles(request, account, colleague, form.grants())
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(BACK)
    context = {
        "form": form,
        "colleague": colleague,
        "planned": hooks.planned(colleague),
        "many": len(groups) > 8,
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/person.html", context, status=status)


def _set_roles(
    request: HttpRequest, account: Account, colleague: User, grants: Grants
) -> None:
    set_roles(account=account, actor=person(request), person=colleague, grants=grants)
    words = "has the roles you chose" if grants else "is no longer in your account"
    messages.success(request, f"{colleague} {words}.")


@login_required
@require_POST
def remove(request: HttpRequest, user_id: UUID) -> HttpResponse:
    account = account_of(request)
    _set_roles(request, account, _colleague(account, user_id), {})
    return redirect(BACK)


def _colleague(account: Account, user_id: UUID) -> User:
    """Anybody but the owner, whose rights can't be changed."""
    rows = people_of(account).exclude(pk=account.owner_id)
    found = rows.filter(pk=user_id).first()
    if found is None:
        raise Http404
    return found
