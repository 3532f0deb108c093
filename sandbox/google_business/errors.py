"""Google's two envelopes: google.rpc.Status of its APIs, and OAuth's own."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.double import Refusal

HTTP = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ABORTED": 409,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
BY_HTTP = {code: status for status, code in HTTP.items()}
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


class ApiError(Refusal):
    """`reason` and `metadata` make an ErrorInfo, without which details are missing."""

    def __init__(
        self,
        status: str,
        message: str,
        reason: str = "",
        metadata: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status)
        self.status, self.message = status, message
        self.reason, self.metadata = reason, metadata

    def response(self) -> web.Response:
        code = HTTP.get(self.status, 400)
        error: dict[str, Any] = {
            "code": code,
            "message": self.message,
            "status": self.status,
        }
        if self.reason:
            info = {
                "@type": ERROR_INFO,
                "reason": self.reason,
                "domain": "googleapis.com",
            }
            error["details"] = [{**info, "metadata": self.metadata or {}}]
        return web.json_response({"error": error}, status=code)


class TokenError(Refusal):
    """Of the token and revocation endpoints."""

    def __init__(
        self, code: str, description: str, status: int = 400, subtype: str = ""
    ) -> None:
        super().__init__(code)
        self.code, self.description = code, description
        self.status, self.subtype = status, subtype

    def response(self) -> web.Response:
        body = {"error": self.code, "error_description": self.description}
        if self.subtype:
            body["error_subtype"] = self.subtype
        return web.json_response(body, status=self.status)
