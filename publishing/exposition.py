"""Who may read the metrics, and the small page on which a worker shows its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from secrets import compare_digest
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from django.conf import settings
from prometheus_client import make_wsgi_app

from publishing.metrics import REGISTRY

log = structlog.get_logger(__name__)

BEARER = "Bearer "
READ_WITHIN_S = 10

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def may_read(authorization: str) -> bool:
    """Whether the header carries METRICS_TOKEN; never while none is set."""
    token = settings.METRICS_TOKEN
    if not token or not authorization.startswith(BEARER):
        return False
    given = authorization.removeprefix(BEARER).strip()
    return compare_digest(given.encode(), token.encode())


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    # A client that says nothing must not keep a thread for ever.
    timeout = READ_WITHIN_S

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _guarded(inner: WsgiApp) -> WsgiApp:
    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if may_read(environ.get("HTTP_AUTHORIZATION", "")):
            return inner(environ, start)
        start("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
        return [b""]

    return app


def serve(port: int) -> WSGIServer | None:
    """Show this process's counters beside its work; a port that is taken is logged."""
    try:
        server = make_server(
            "", port, _guarded(make_wsgi_app(REGISTRY)), _Server, _Quiet
        )
    except OSError as error:
        log.warning("metrics.no_port", port=port, error=error.strerror)
        return None
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
