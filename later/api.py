"""The one place that turns domain errors into JSON answers."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from core.errors import DomainError, DomainErrors
from core.limits import TooMany


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """400 with `errors`: a list of {code, message, field}."""
    if isinstance(error, TooMany):
        headers = {"Retry-After": str(error.wait_s)}
        return Response({"errors": [as_json(error)]}, status=429, headers=headers)
    if isinstance(error, DomainErrors):
        return Response({"errors": [as_json(e) for e in error.errors]}, status=400)
    if isinstance(error, DomainError):
        return Response({"errors": [as_json(error)]}, status=400)
    return default_handler(error, context)


def as_json(error: DomainError) -> dict[str, str]:
    return {"code": error.code, "message": error.message, "field": error.field}
