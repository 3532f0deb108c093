"""Pages that take their time, to find tests that look before a page has come.

`SLOW_PAGES=600 pytest tests/journeys` holds each answer back for up to 600 ms.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

LONGEST_MS = int(os.environ.get("SLOW_PAGES", "0"))


class SlowPages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        time.sleep(random.uniform(0.5, 1) * LONGEST_MS / 1000)  # noqa: S311
        return response
