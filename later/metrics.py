"""The page that Prometheus reads. What a worker counts is on the worker's own page."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from publishing.collector import registry
from publishing.exposition import may_read


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Needs METRICS_TOKEN as bearer; without the setting there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not may_read(request.headers.get("Authorization", "")):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)
