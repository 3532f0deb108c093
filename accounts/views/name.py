from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import person
from accounts.actions.name import set_name
from accounts.forms import NameForm
from core.errors import DomainError


@login_required
@require_http_methods(["GET", "POST"])
def change_name(request: HttpRequest) -> HttpResponse:
    """What colleagues read: in posts' stories, invitations and notices."""
    user = person(request)
    data = request.POST if request.method == "POST" else None
    form = NameForm(data, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        try:
            set_name(person=user, name=str(form.cleaned_data["name"]))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"You are {user.name} now.")
            return redirect("accounts:security")
    status = 422 if form.errors else 200
    return render(request, "accounts/name.html", {"form": form}, status=status)
