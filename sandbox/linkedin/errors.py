"""LinkedIn's two envelopes: of its API, and of its OAuth host."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.double import Refusal

# Code, HTTP status and service code; 0 is left out.
CODES = {
    "INVALID_ACCESS_TOKEN": (401, 65600),
    "REVOKED_ACCESS_TOKEN": (401, 65601),
    "EXPIRED_ACCESS_TOKEN": (401, 65602),
    "ACCESS_DENIED": (403, 100),
    "VERSION_MISSING": (400, 0),
    "NONEXISTENT_VERSION": (426, 0),
    "INVALID_VALUE_FOR_FIELD": (400, 0),
    "RESOURCE_NOT_FOUND": (404, 0),
    "TOO_MANY_REQUESTS": (429, 101),
    "INTERNAL_SERVER_ERROR": (500, 0),
}


class ApiError(Refusal):
    def __init__(self, code: str, message: str, status: int = 0) -> None:
        super().__init__(code)
        self.code, self.message = code, message
        usual, self.number = CODES.get(code, (400, 0))
        self.status = status or usual

    def response(self) -> web.Response:
        body: dict[str, Any] = {
            "status": self.status,
            "code": self.code,
            "message": self.message,
        }
        if self.number:
            body["serviceErrorCode"] = self.number
        return web.json_response(body, status=self.status)


class TokenError(Refusal):
    """Of the OAuth host."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.description, self.status = code, description, status

    def response(self) -> web.Response:
        body = {"error": self.code, "error_description": self.description}
        return web.json_response(body, status=self.status)
