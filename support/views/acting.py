"""Begin a look through a customer's eyes: who you are once more, why, how long."""

from __future__ import annotations

from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import person
from accounts.fresh import fresh_required
from accounts.models import User
from core.errors import DomainError
from support import rights
from support.actions.act import begin
from support.forms import LookForm
from support.middleware import SESSION_KEY
from support.rights import Ability


@require_http_methods(["GET", "POST"])
@fresh_required()
def begin_look(request: HttpRequest, user_id: UUID) -> HttpResponse:
    if not rights.may(request.user, Ability.ACT):
        raise PermissionDenied
    customer = get_object_or_404(User, pk=user_id, is_staff=False)
    form = LookForm(request.POST or None)
    if form.is_valid():
        try:
            acting = begin(
                staff=person(request), customer=customer, **form.cleaned_data
            )
        except DomainError as error:
            form.refuse(error)
        else:
            request.session[SESSION_KEY] = str(acting.pk)
            return redirect("home")
    title = "Look as this person"
    context = {**admin.site.each_context(request), "form": form, "customer": customer}
    status = 422 if form.errors else 200
    context.update(title=title, subtitle=customer.email)
    return render(request, "support/acting_begin.html", context, status=status)
