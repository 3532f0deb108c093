"""What a worker holds of a broker that is gone (R-F3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kombu import Connection, Queue
from kombu.message import Message
from redis.exceptions import ConnectionError as ConnectionLost

from tests.support.own_redis import OwnRedis

pytestmark = pytest.mark.services


@pytest.fixture
def broker() -> Iterator[OwnRedis]:
    with OwnRedis() as redis:
        yield redis


@pytest.fixture
def lost(broker) -> Iterator[tuple[Connection, Message]]:
    """A message in hand, Redis gone, and the connection cleared away as Celery does."""
    connection = Connection(broker.url, transport_options={"socket_timeout": 2})
    queue = Queue("publish")
    connection.Producer().publish({}, routing_key="publish", declare=[queue])
    message = queue(connection.default_channel).get()
    assert message is not None
    broker.kill()
    connection.collect(socket_timeout=0.1)
    yield connection, message


def test_a_worker_outlives_clearing_its_lost_broker_away(lost):
    """Twice, as Celery does: what Kombu can't give back must not end the process."""
    connection, _ = lost
    connection.close()
    assert not connection.connected


def test_an_answer_to_a_lost_broker_is_a_lost_connection(lost):
    """Which the worker notes and goes on, unlike any other error."""
    connection, message = lost
    connection.close()
    with pytest.raises(ConnectionLost):
        message.ack()
    message.ack_log_error(_Quiet(), errors=(ConnectionLost,))


def test_a_new_connection_works_as_soon_as_redis_is_back(broker, lost):
    broker.start()
    with Connection(broker.url) as again:
        assert again.default_channel.client.ping()


class _Quiet:
    def critical(self, *_: object, **__: object) -> None:
        return
