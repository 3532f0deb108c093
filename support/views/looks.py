"""The way out of a look, and what customers are shown of all of them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import person
from notifications.own_zone import in_own_zone
from support.acting import Acting
from support.actions.act import end
from support.middleware import SESSION_KEY

SHOWN = 100


@login_required
@require_POST
def end_look(request: HttpRequest) -> HttpResponse:
    acting: Acting | None = getattr(request, "acting", None)
    if acting is None:
        return redirect("home")
    end(acting, "Ended by hand")
    del request.session[SESSION_KEY]
    messages.success(request, f"You no longer look as {acting.customer}.")
    return redirect("admin:accounts_user_change", acting.customer_id)


@login_required
@require_GET
@in_own_zone
def history(request: HttpRequest) -> HttpResponse:
    """One's own, and all of an account that one owns."""
    user = person(request)
    mine = Q(customer=user) | Q(account__owner=user)
    rows = Acting.objects.filter(mine).select_related("staff", "customer")
    context = {"looks": rows[:SHOWN], "person": user}
    return render(request, "support/looks.html", context)
