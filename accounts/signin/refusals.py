"""What is said when something was tried too often."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.access import wants_json


def too_many(wait_s: int) -> str:
    return f"Too many tries. Wait {in_words(wait_s)}, then try again."


def in_words(wait_s: int) -> str:
    minutes = math.ceil(wait_s / 60)
    return "a minute" if minutes <= 1 else f"{minutes} minutes"


def too_many_page(request: HttpRequest, wait_s: int) -> HttpResponse:
    words = too_many(wait_s)
    if wants_json(request):
        error = {"code": "too_many_tries", "message": words, "field": ""}
        answer: HttpResponse = JsonResponse({"errors": [error]}, status=429)
    else:
        answer = render(request, "429.html", {"wait": in_words(wait_s)}, status=429)
    answer.headers["Retry-After"] = str(wait_s)
    return answer
