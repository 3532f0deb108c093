"""Refusals of the Bot API: a code, a description, and sometimes parameters.

The description is the only discriminator a client has, so every text here is
the platform's own, prefix and capital letters included.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.double import Refusal

PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    421: "Misdirected Request",
    500: "Internal Server Error",
}


class BotError(Refusal):
    """An answer with ``ok: false``; ``parameters`` as in ResponseParameters."""

    def __init__(
        self, code: int, reason: str = "", parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(describe(code, reason))
        self.code = code
        self.reason = reason
        self.description = describe(code, reason)
        self.parameters = parameters or {}

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        return answer | ({"parameters": self.parameters} if self.parameters else {})

    def response(self) -> web.Response:
        wait = self.parameters.get("retry_after")
        headers = {"Retry-After": str(wait)} if wait else {}
        return web.json_response(self.body(), status=self.code, headers=headers)


def describe(code: int, reason: str) -> str:
    """Prefix and reason; the first letter is lowered unless a code follows."""
    prefix = PREFIXES.get(code, "Bad Gateway")
    if not reason:
        return prefix
    is_code = len(reason) > 1 and (reason[1] == "_" or reason[1].isupper())
    return f"{prefix}: {reason if is_code else reason[0].lower() + reason[1:]}"


def bad_request(reason: str) -> BotError:
    return BotError(400, reason)


def flood(seconds: int) -> BotError:
    return BotError(429, f"retry after {seconds}", {"retry_after": seconds})
