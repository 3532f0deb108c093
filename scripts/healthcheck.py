"""Ask a health page and exit 0 or 1: `-m scripts.healthcheck live|ready|worker`.

For container health checks. The page is asked at HEALTH_ADDRESS (host:port, by default
this machine's PORT) under the host name of BASE_URL, the only one Django answers to.
"""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

from scripts.console import error, fail

PAGES = ("live", "ready", "worker")
SECONDS = 5


def ask(page: str) -> tuple[int, str]:
    """Status and body; OSError when nobody answers."""
    default = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
    base = urlsplit(os.environ.get("BASE_URL", f"http://{default}"))
    address = os.environ.get("HEALTH_ADDRESS", default)
    connection = http.client.HTTPConnection(address, timeout=SECONDS)
    headers = {"Host": base.netloc, "X-Forwarded-Proto": base.scheme}
    try:
        connection.request("GET", f"/health/{page}", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(2_000).decode(errors="replace")
    finally:
        connection.close()


def main() -> None:
    page = sys.argv[1] if len(sys.argv) > 1 else "ready"
    if page not in PAGES:
        fail(f"Unknown health page {page!r}: say one of {', '.join(PAGES)}.")
    try:
        status, body = ask(page)
    except (OSError, http.client.HTTPException) as problem:
        fail(f"No answer: {problem}")
    if status != http.client.OK:
        error(f"{status} {body}")
        sys.exit(1)


if __name__ == "__main__":
    main()
