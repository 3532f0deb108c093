"""Signs in at a consent page of the sandbox, the way a browser would."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from platforms.adapter import Adapter
from platforms.types import Grant, Redirect, Visit
from tests.sandbox.browserless import ConsentPage


def consent(adapter: Adapter, visit: Visit) -> ConsentPage:
    """The page a person is sent to."""
    answer = adapter.begin(visit)
    assert isinstance(answer, Redirect)
    parts = urlsplit(answer.url)
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    return ConsentPage(address, dict(parse_qsl(parts.query)))


def signed_in(adapter: Adapter, visit: Visit, who: str, **choices: Any) -> Grant:
    """There and back, with everything ticked that is not chosen otherwise."""
    page = consent(adapter, visit)
    query = page.decide("allow", identity=who, **choices)
    assert query["state"] == visit.state
    assert query["address"] == visit.redirect_uri
    return adapter.finish(visit, {}, query)
