"""The way in of somebody who was invited (R-A3, R-A4)."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actions.accept import accept_as, accept_as_new, address_of, find
from accounts.forms import JoinForm
from accounts.invitation import Invitation
from accounts.limits import limited
from accounts.models import User
from accounts.people import with_address
from core.errors import DomainError
from core.limits import Limit

SESSION_KEY = "invitation"
# An office behind one address joins on one day.
VISITS = Limit("join", times=300, seconds=600)


@limited(VISITS)
@require_GET
@never_cache
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The token moves out of the address, which others get to see, at once."""
    request.session[SESSION_KEY] = token
    return redirect("accounts:join")


@limited(VISITS)
@require_http_methods(["GET", "POST"])
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    token = str(request.session.get(SESSION_KEY, ""))
    invitation = find(token) if token else None
    if invitation is None or invitation.ran_out:
        context = {"invitation": invitation}
        return render(request, "accounts/join_over.html", context, status=410)
    holder = with_address(address_of(invitation))
    if holder is not None:
        return _with_password(request, invitation, token, holder)
    return _as_new(request, invitation, token)


def _as_new(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Choosing a password is accepting."""
    data = request.POST if request.method == "POST" else None
    form = JoinForm(data, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        try:
            entered = accept_as_new(
                token=token,
                name=str(form.cleaned_data["name"]),
                password=str(form.cleaned_data["password"]),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            del request.session[SESSION_KEY]
            answer: HttpResponse = perform_login(request, entered, redirect_url="/")
            return answer
    return _page(request, invitation, form=form)


def _with_password(
    request: HttpRequest, invitation: Invitation, token: str, holder: User
) -> HttpResponse:
    """Who has one already signs in and accepts with a press."""
    refused = ""
    user, fits = request.user, request.user == holder
    if request.method == "POST" and isinstance(user, User):
        try:
            accept_as(token=token, person=user)
        except DomainError as error:
            refused = error.message
        else:
            del request.session[SESSION_KEY]
            return redirect("home")
    return _page(request, invitation, fits=fits, refused=refused)


def _page(request: HttpRequest, invitation: Invitation, **more: object) -> HttpResponse:
    form = more.get("form")
    context = {
        "invitation": invitation,
        "address": address_of(invitation),
        "groups": [str(g.group) for g in invitation.grants.select_related("group")],
        **more,
    }
    failed = more.get("refused") or (isinstance(form, JoinForm) and form.errors)
    return render(request, "accounts/join.html", context, status=422 if failed else 200)
