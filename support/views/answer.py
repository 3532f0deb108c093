from __future__ import annotations

from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import person
from accounts.audit import Deed, record
from core.errors import DomainError
from support import rights
from support.actions.help import answer, close
from support.help_forms import ReadForm, ReplyForm
from support.help_request import HelpRequest
from support.rights import Ability

CLOSE = "close"


@require_http_methods(["GET", "POST"])
def answer_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The answer is mailed; closing without one is for what needs none."""
    if not rights.may(request.user, Ability.HELP):
        raise PermissionDenied
    rows = HelpRequest.objects.select_related("user", "group__account")
    asked = get_object_or_404(rows, pk=request_id)
    if request.method == "POST" and CLOSE in request.POST:
        return _closed(request, asked)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _answered(request, asked, form):
        return redirect("admin:support_helprequest_change", asked.pk)
    account = asked.group.account if asked.group else None
    record(Deed("staff.viewed", "", asked, account), actor=person(request))
    context = {
        **admin.site.each_context(request),
        "form": form,
        "asked": asked,
        "said": list(asked.messages.select_related("author")),
        "title": "Answer",
        "subtitle": asked.asker,
    }
    status = 422 if form.errors else 200
    return render(request, "support/answer.html", context, status=status)


def _closed(request: HttpRequest, asked: HelpRequest) -> HttpResponse:
    try:
        close(request=asked, staff=person(request), read=ReadForm(request.POST).count)
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("admin:help_answer", asked.pk)
    messages.success(request, "Closed. A reply opens it again.")
    return redirect("admin:support_helprequest_changelist")


def _answered(request: HttpRequest, asked: HelpRequest, form: ReplyForm) -> bool:
    text, read = str(form.cleaned_data["text"]), ReadForm(request.POST).count
    try:
        mailed = answer(request=asked, staff=person(request), text=text, read=read)
    except DomainError as error:
        form.refuse(error)
        return False
    if mailed:
        messages.success(request, f"Answered; the mail goes to {asked.address}.")
    else:
        words = "The answer is kept, but its mail couldn't be sent. Write it once more."
        messages.warning(request, words)
    return True
