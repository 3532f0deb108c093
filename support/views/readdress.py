from __future__ import annotations

from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import person
from accounts.invitation import Invitation
from core.errors import DomainError
from support import rights
from support.actions.readdress import readdress
from support.forms import ReaddressForm
from support.rights import Ability


@require_http_methods(["GET", "POST"])
def readdress_page(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """An invitation that waits, to the address that the invited person asked for."""
    if not rights.may(request.user, Ability.READDRESS):
        raise PermissionDenied
    rows = Invitation.objects.waiting().select_related("account__owner", "invited_by")
    invitation = get_object_or_404(rows, pk=invitation_id)
    form = ReaddressForm(request.POST or None)
    if form.is_valid() and _sent(request, invitation, form):
        return redirect("admin:accounts_invitation_changelist")
    context = {
        **admin.site.each_context(request),
        "form": form,
        "invitation": invitation,
        "title": "Send to another address",
        "subtitle": invitation.email,
    }
    status = 422 if form.errors else 200
    return render(request, "support/readdress.html", context, status=status)


def _sent(request: HttpRequest, invitation: Invitation, form: ReaddressForm) -> bool:
    given = form.cleaned_data
    try:
        found = readdress(invitation=invitation, staff=person(request), **given)
    except DomainError as error:
        form.refuse(error)
        return False
    if found.mailed or found.invitation is None:
        messages.success(request, f"Sent to {found.used}.")
    else:
        words = "It is kept, but the mail couldn't be sent now. Try again in a while."
        messages.warning(request, words)
    return True
