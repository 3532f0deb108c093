"""Whether what leaves this machine for its own services is encrypted, and asks who we are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from core.doctor import Finding, fail, ok, warn

# What libpq calls encrypted; "prefer", its default, takes plain text when told to.
ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})


def ways() -> Iterator[Finding]:
    """A socket file and this machine itself need no encryption; a name without a dot is
    a neighbour in the same private network, as in docker-compose.yml."""
    yield _database(connection.settings_dict)
    yield _redis(urlsplit(settings.REDIS_URL))
    yield _mail()


def _database(given: Mapping[str, Any]) -> Finding:
    host, mode = str(given.get("HOST") or ""), given.get("OPTIONS", {}).get("sslmode")
    if is_near(host) or mode in ENCRYPTED:
        proof = given.get("PASSWORD") or given.get("OPTIONS", {}).get("sslcert")
        return _known("database", proof, host)
    words = f"PostgreSQL at {host} may be spoken to in plain text."
    return fail("database", words, "Add ?sslmode=verify-full to DATABASE_URL.")


def _redis(parts: Any) -> Finding:
    host = "" if parts.scheme == "unix" else parts.hostname or ""
    if is_near(host) or parts.scheme == "rediss":
        return _known("redis", parts.password, host)
    words = f"Redis at {host} is spoken to in plain text."
    return fail("redis", words, "Write rediss:// in REDIS_URL.")


def _mail() -> Finding:
    host = str(settings.EMAIL_HOST or "")
    if is_near(host) or settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL:
        return ok("mail", "Encrypted, or on this machine.")
    words = f"Mails go to {host} in plain text, with links that open accounts."
    return fail("mail", words, "Use a port with TLS in EMAIL_URL.")


def _known(name: str, proof: object, host: str) -> Finding:
    if proof or is_near(host):
        return ok(name, "Encrypted, or within this machine or its private network.")
    words = f"{host} asks for no password: whoever reaches it is us."
    return warn(name, words, "Set one, and write it into the address.")


def is_near(host: str) -> bool:
    return not host or host.startswith("/") or _is_local(host) or _is_neighbour(host)


def _is_neighbour(host: str) -> bool:
    return "." not in host and ":" not in host


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
