"""What waits in the broker. Only the queues' lengths: messages are hints."""

from __future__ import annotations

from celery import current_app
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

ANSWERS_WITHIN_S = 2.0


class Away(Exception):
    """The broker doesn't answer."""


def waiting() -> dict[str, int]:
    """Queue → messages that no worker has taken yet. Raises Away."""
    names = [queue.name for queue in current_app.conf.task_queues]
    client = Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=ANSWERS_WITHIN_S,
        socket_connect_timeout=ANSWERS_WITHIN_S,
    )
    try:
        with client, client.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.llen(name)
            return dict(zip(names, pipe.execute(), strict=True))
    except RedisError as error:
        raise Away(type(error).__name__) from None
