"""The demo's mailbox: everybody's mail, so it exists in the demo only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from notifications.models import Mail


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    return render(request, "mailbox/list.html", {"mails": Mail.objects.all()[:100]})


@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Mail, pk=pk)
    return render(request, "mailbox/detail.html", {"mail": found})
