"""From handle to DID to server: resolution, the directory, well-known documents."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.bluesky.accounts import (
    CUSTOM_DOMAINS,
    ISSUER_HOSTS,
    PDS_HOSTS,
    Accounts,
    did_document,
    issuer_of,
    pds_of,
)
from sandbox.bluesky.errors import invalid_request
from sandbox.bluesky.syntax import is_handle
from sandbox.double import Call, Refusal, Route

PLC = ("plc.directory",)
HANDLE_HOSTS = ("*.bsky.social", *CUSTOM_DOMAINS, "*.harbor.example")


class NotRegistered(Refusal):
    """The directory's and a handle's own domain's ways to say no."""

    def __init__(self, text: str, *, json: bool) -> None:
        super().__init__(text)
        self.text, self.json = text, json

    def response(self) -> web.Response:
        if self.json:
            return web.json_response({"message": self.text}, status=404)
        return web.Response(text=self.text, status=404)


class Directory:
    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts

    def routes(self) -> list[Route]:
        known = "/.well-known"
        return [
            Route("GET", "/{did:did:plc:[a-z2-7]+}", "plc", self.document, PLC),
            Route("GET", f"{known}/atproto-did", "atprotoDid", self.did, HANDLE_HOSTS),
            Route(
                "GET",
                f"{known}/oauth-protected-resource",
                "resourceMetadata",
                self.resource,
                PDS_HOSTS,
            ),
            Route(
                "GET",
                f"{known}/oauth-authorization-server",
                "serverMetadata",
                self.server,
                ISSUER_HOSTS,
            ),
            Route("GET", "/oauth/jwks", "jwks", self.keys, ISSUER_HOSTS),
        ]

    async def resolve(self, call: Call) -> dict[str, Any]:
        handle = call.request.query.get("handle", "")
        if not is_handle(handle):
            raise invalid_request(f'Invalid handle (got "{handle}") at $.handle')
        account = self.accounts.find(handle)
        if account is None:
            raise invalid_request("Unable to resolve handle")
        return {"did": account.id}

    async def document(self, call: Call) -> web.Response:
        did = call.params["did"]
        account = self.accounts.find(did)
        if account is None:
            raise NotRegistered(f"DID not registered: {did}", json=True)
        return web.json_response(
            did_document(account), content_type="application/did+ld+json"
        )

    async def did(self, call: Call) -> web.Response:
        """The handle's own domain vouches for it."""
        account = self.accounts.find(call.host)
        if account is None:
            raise NotRegistered("User not found", json=False)
        return web.Response(text=account.id)

    async def resource(self, call: Call) -> web.Response:
        at_home = (one for one in self.accounts.all() if pds_of(one) == call.host)
        issuers = sorted({issuer_of(one) for one in at_home}) or ["https://bsky.social"]
        return web.json_response(
            {
                "resource": f"https://{call.host}",
                "authorization_servers": issuers,
                "scopes_supported": [],
                "bearer_methods_supported": ["header"],
                "resource_documentation": "https://atproto.com",
            }
        )

    async def server(self, call: Call) -> web.Response:
        return web.json_response(server_metadata(f"https://{call.host}"))

    async def keys(self, call: Call) -> web.Response:
        return web.json_response({"keys": []})


def server_metadata(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "pushed_authorization_request_endpoint": f"{issuer}/oauth/par",
        "jwks_uri": f"{issuer}/oauth/jwks",
        "require_pushed_authorization_requests": True,
        "scopes_supported": [
            "atproto",
            "transition:email",
            "transition:generic",
            "transition:chat.bsky",
        ],
        "subject_types_supported": ["public"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "dpop_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": True,
        "client_id_metadata_document_supported": True,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
    }
