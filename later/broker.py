"""Redis as the broker, through Kombu, but for what Kombu 5.7 gets wrong when it is lost.

Acknowledging or giving back over a connection that was cleared away meanwhile ends in an
AttributeError there, and with it the whole worker. As the lost connection that it is,
Celery knows it: the message stays in Redis and comes back after `visibility_timeout`.
No post waits for that, since messages are hints.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as ConnectionLost


class Channel(redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        transport = self.connection
        if transport is None or transport.client is None:
            raise ConnectionLost("This connection to the broker was closed.")
        found: dict[str, Any] = super()._connparams(asynchronous)  # type: ignore[misc]
        return found


class Transport(redis.Transport):
    Channel = Channel


def install() -> None:
    """For all Redis addresses, wherever Celery connects from then on."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
