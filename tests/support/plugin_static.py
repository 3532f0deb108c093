"""pytest plugin: the static files are looked for once a session, not by each client.

Every test client builds the middleware anew, and WhiteNoise then asks the finders for
all files: a fifth of a second before the first page of a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware


@pytest.fixture(scope="session", autouse=True)
def _static_files_found_once() -> Iterator[None]:
    scan = WhiteNoiseMiddleware.add_files_from_finders
    known: dict[Any, dict[str, Any]] = {}

    def add(middleware: WhiteNoiseMiddleware) -> None:
        where = (settings.STATIC_URL, tuple(settings.STATICFILES_DIRS))
        if where not in known:
            before = dict(middleware.files)
            scan(middleware)
            found = middleware.files.items()
            known[where] = {u: f for u, f in found if before.get(u) is not f}
        middleware.files.update(known[where])

    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add)
    yield
    monkeypatch.undo()
