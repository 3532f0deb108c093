"""The demo's mailbox: everybody's mail, so it exists in the demo only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from notifications.models import Mail


def mailbox(request: HttpRequest) -> HttpResponse:
    return render(request, "mailbox/list.html", {"mails": Mail.objects.all()[:100]})


def mail(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Mail, pk=pk)
    return render(request, "mailbox/detail.html", {"mail": found})
