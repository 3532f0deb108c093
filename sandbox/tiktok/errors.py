"""TikTok's two envelopes: of its API, and of its token endpoint."""

from __future__ import annotations

import secrets
from typing import Any

from aiohttp import web

from sandbox.double import Refusal

# HTTP status of each code; the three of creators come with 200 on purpose.
STATUS = {
    "invalid_param": 400,
    "invalid_params": 400,
    "access_token_invalid": 401,
    "scope_not_authorized": 401,
    "rate_limit_exceeded": 429,
    "internal_error": 500,
    "spam_risk_too_many_posts": 200,
    "spam_risk_user_banned_from_posting": 200,
    "reached_active_user_cap": 200,
}


class ApiError(Refusal):
    """Told by `error.code`, whatever the HTTP status."""

    def __init__(self, code: str, message: str = "", status: int = 0) -> None:
        super().__init__(code)
        self.code, self.message = code, message or code.replace("_", " ")
        self.status = status or STATUS.get(code, 403)

    def response(self) -> web.Response:
        error = {"code": self.code, "message": self.message, "log_id": log_id()}
        return web.json_response({"data": {}, "error": error}, status=self.status)


class TokenError(Refusal):
    """Of the token endpoint: OAuth's own names, often with HTTP 200."""

    def __init__(self, code: str, description: str, status: int = 200) -> None:
        super().__init__(code)
        self.code, self.description, self.status = code, description, status

    def response(self) -> web.Response:
        body = {
            "error": self.code,
            "error_description": self.description,
            "log_id": log_id(),
        }
        return web.json_response(body, status=self.status)


def answer(data: dict[str, Any]) -> web.Response:
    error = {"code": "ok", "message": "", "log_id": log_id()}
    return web.json_response({"data": data, "error": error})


def log_id() -> str:
    return "20261121" + secrets.token_hex(12).upper()
