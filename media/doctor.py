"""The doctor's part on media: is what we give to platforms to be had from outside?"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.addresses import is_public
from core.doctor import Finding, fail, ok, warn
from core.http import AnswerLost, BadReply, Http, NotSent
from media.queries import public_url

PROBE = b"Later was here."
PROBE_S = 5.0
HERE = ("localhost", "127.0.0.1", "::1")
WORLD = "Set BASE_URL to the name that the world knows."


def examine() -> Iterator[Finding]:
    yield _form()
    try:
        name = default_storage.save("doctor/probe.txt", ContentFile(PROBE))
    except OSError as error:
        words = f"MEDIA_ROOT can't be written ({error.strerror})."
        yield fail("files", words, "See its owner, its mode, and the disk's room.")
        return
    try:
        yield _fetched(public_url(name, ".txt"))
    finally:
        default_storage.delete(name)


def _form() -> Finding:
    """Whether a platform out there could come to this address at all."""
    parts = urlsplit(settings.BASE_URL)
    host = parts.hostname or ""
    if settings.PLATFORM_GATEWAY:
        return ok("address", "Platforms are a sandbox here: any address will do.")
    if host in HERE:
        words = f"{host} is this machine: platforms fetch no files from it."
        return warn("address", words, WORLD)
    if parts.scheme != "https":
        words = f"{settings.BASE_URL} has no HTTPS: platforms fetch no files there."
        return fail("address", words, "Put a proxy with HTTPS before it, set BASE_URL.")
    if inside := _inside(host, parts.port or 443):
        return warn("address", f"{host} {inside} from here.", WORLD)
    return ok("address", f"{settings.BASE_URL} is a public name with HTTPS.")


def _inside(host: str, port: int) -> str:
    """Why platforms wouldn't find it; a split DNS may answer differently inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return "isn't known to DNS"
    addresses = {str(info[4][0]).partition("%")[0] for info in found}
    public = all(is_public(ip_address(each)) for each in addresses)
    return "" if public else "has a private address"


def _fetched(url: str) -> Finding:
    """What platforms do: fetch a file by its signed address."""
    todo = "BASE_URL must lead to web processes with this MEDIA_ROOT."
    try:
        reply = Http(of_operator=True).request("GET", url, timeout_s=PROBE_S)
    except (NotSent, AnswerLost, BadReply) as error:
        words = f"{settings.BASE_URL} doesn't answer from here ({error})."
        return fail("fetching", words, todo)
    if reply.status != 200 or reply.body != PROBE:
        words = f"A signed file's address answers {reply.status}, not the file."
        return fail("fetching", words, todo)
    return ok("fetching", "A file was fetched by its signed address.")
