"""Where platforms call us by themselves, and where people see what came of it."""

from __future__ import annotations

import hashlib

import structlog
from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from accounts.limits import limited
from core.limits import Limit
from platforms import registry
from platforms.adapter import Adapter
from platforms.callbacks import Callback, Delivery, Doubt, Forged, News
from profiles.actions.withdraw import erase, look_into, withdraw
from profiles.erasure import Erasure
from profiles.views.common import adapter_or_404

log = structlog.get_logger(__name__)

# A platform calls from few addresses, for all who use it.
CALLS = Limit("hooks", times=1_200, seconds=60)
# Codes can't be guessed; nobody shall try either.
LOOKS = Limit("erasure", times=60, seconds=600)
# The longest that platforms send is some hundred bytes.
LARGEST = 64_000


@never_cache
@csrf_exempt
@limited(CALLS)
@require_http_methods(["GET", "POST"])
def heard(request: HttpRequest, platform: str, name: str) -> HttpResponse:
    """Signed by the platform, which has no session here: its signature is the proof."""
    adapter = adapter_or_404(platform)
    callback = adapter.callback(name)
    if callback is None:
        raise Http404
    if request.method == "GET":
        return _greet(request, adapter, callback)
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        told = adapter.heard(name, Delivery(request.headers, body))
    except Forged as error:
        log.warning("callback.forged", platform=platform, name=name, why=str(error))
        return JsonResponse({"error": "not signed by the platform"}, status=400)
    return JsonResponse(_obey(callback, told, hashlib.sha256(body).hexdigest()))


def _greet(request: HttpRequest, adapter: Adapter, callback: Callback) -> HttpResponse:
    """Once, when the operator enters the address: is it ours?"""
    if not callback.greets:
        return HttpResponseNotAllowed(["POST"])
    try:
        proof = adapter.greeted(callback.name, request.GET.dict())
    except Forged as error:
        log.warning("callback.not_greeted", platform=adapter.key, why=str(error))
        return HttpResponse("not ours", status=403, content_type="text/plain")
    return HttpResponse(proof, content_type="text/plain")


def _obey(callback: Callback, told: tuple[News, ...], digest: str) -> dict[str, str]:
    answer: dict[str, str] = {}
    for news in told:
        if isinstance(news, Doubt):
            look_into(news)
        elif news.erase:
            request = erase(news, digest)
            receipt = {"url": status_url(request), "confirmation_code": request.code}
            answer = receipt if callback.receipt else answer
        else:
            withdraw(news)
    return answer


def status_url(request: Erasure) -> str:
    path = reverse("profiles:erasure", kwargs={"code": request.code})
    return f"{settings.BASE_URL}{path}"


@never_cache
@limited(LOOKS)
@require_GET
def erasure(request: HttpRequest, code: str) -> HttpResponse:
    """For whoever has the code, signed in or not; it names nobody."""
    found = get_object_or_404(Erasure, code=code)
    name = registry.adapter_class(found.platform).name
    context = {"erasure": found, "platform": name}
    return render(request, "profiles/erasure.html", context)
