"""Refusals: XRPC's ``error`` and ``message``, OAuth's ``error_description``."""

from __future__ import annotations

from aiohttp import web

from sandbox.double import Refusal

ALGORITHMS = "ES256"


class XrpcError(Refusal):
    """The name in ``error`` is what counts; the HTTP status tells little."""

    def __init__(
        self,
        status: int,
        error: str,
        message: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.error, self.message = status, error, message
        self.headers = headers or {}

    def response(self) -> web.Response:
        body = {"error": self.error, "message": self.message}
        return web.json_response(body, status=self.status, headers=self.headers)


class OAuthError(Refusal):
    """An answer of the authorization server."""

    def __init__(
        self,
        error: str,
        description: str,
        status: int = 400,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(description)
        self.error, self.description = error, description
        self.status, self.headers = status, headers or {}

    def response(self) -> web.Response:
        body = {"error": self.error, "error_description": self.description}
        return web.json_response(body, status=self.status, headers=self.headers)


def invalid_request(message: str) -> XrpcError:
    return XrpcError(400, "InvalidRequest", message)


def invalid_token(message: str) -> XrpcError:
    """For Bearer tokens; DPoP has its own words."""
    return XrpcError(400, "InvalidToken", message)


def expired_token(message: str) -> XrpcError:
    return XrpcError(400, "ExpiredToken", message)


def internal_error() -> XrpcError:
    return XrpcError(500, "InternalServerError", "Internal Server Error")


def dpop_challenge(error: str, message: str) -> str:
    return f'DPoP algs="{ALGORITHMS}", error="{error}", error_description="{message}"'
