"""What an owner does with an invitation that waits (R-A3, R-A5)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import person
from accounts.actions import invitations
from accounts.forms import AddressForm
from accounts.invitation import Invitation
from accounts.views.users import BACK, account_of, say
from core.errors import DomainError


def _waiting(request: HttpRequest, invitation_id: UUID) -> Invitation:
    rows = Invitation.objects.waiting().select_related("account", "invited_by")
    return get_object_or_404(rows, account=account_of(request), pk=invitation_id)


@login_required
@require_POST
def resend(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    invitation = _waiting(request, invitation_id)
    try:
        mailed = invitations.resend(invitation=invitation, actor=person(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(BACK)
    if mailed:
        messages.success(request, f"Sent to {invitation.email} with a new link.")
    else:
        words = "The mail couldn't be sent now. Try again in a while."
        messages.warning(request, words)
    return redirect(BACK)


@login_required
@require_POST
def revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    invitation = _waiting(request, invitation_id)
    try:
        invitations.revoke(invitation=invitation, actor=person(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        words = f"The invitation of {invitation.email} was taken back."
        messages.success(request, words)
    return redirect(BACK)


@login_required
@require_http_methods(["GET", "POST"])
def readdress(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    invitation = _waiting(request, invitation_id)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = invitations.readdress(
                invitation=invitation,
                actor=person(request),
                email=str(form.cleaned_data["email"]),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, done)
            return redirect(BACK)
    context = {"form": form, "invitation": invitation}
    status = 422 if form.errors else 200
    return render(request, "accounts/readdress.html", context, status=status)
