"""`python -m sandbox --port 9000`"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from sandbox.server import serve


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A local double of the social platforms.",
    )
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--state", type=Path, help="file that survives restarts")
    parser.add_argument("--latency-ms", type=int, default=0)
    asked = parser.parse_args()
    settings = {"latency_ms": asked.latency_ms}
    asyncio.run(serve(asked.host, asked.port, asked.state, settings))


if __name__ == "__main__":
    main()
