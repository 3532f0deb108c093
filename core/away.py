"""Pages whose forms end at another site: a platform's sign-in, a payment."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def leads_away(view: View) -> View:
    """Browsers hold a form's policy against the redirects that follow it, too."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wider = csp_update({"form-action": list(settings.FORMS_LEAD_TO)})(view)
        return wider(request, *args, **kwargs)

    return door
