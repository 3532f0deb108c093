"""Thin tasks; arguments are ids."""

from __future__ import annotations

import structlog
from celery import shared_task

from platforms.errors import PlatformError
from profiles.actions import inspect, quiet_due, remove, sweep, tell, updates
from profiles.actions.tokens import refresh
from profiles.errors import ConnectionBroken
from profiles.models import Connection

log = structlog.get_logger(__name__)


@shared_task(name="profiles.sweep")
def sweep_once() -> None:
    """Each minute: what is to be refreshed, warned of or forgotten."""
    sweep.sweep()


@shared_task(name="profiles.inspect_due")
def inspect_due() -> None:
    """Each five minutes: this time of day's share, and what is still to be revoked."""
    inspect.inspect_due()
    quiet_due.note_quiet()
    remove.revoke_leftovers()


@shared_task(name="profiles.tell")
def tell_due() -> None:
    """Each few seconds: what connections need of people."""
    tell.tell_due()


@shared_task(name="profiles.inspect_siblings")
def inspect_siblings(connection_id: str) -> None:
    inspect.inspect_siblings(connection_id)


@shared_task(name="profiles.refresh")
def refresh_one(connection_id: str) -> None:
    connection = Connection.objects.filter(pk=connection_id).first()
    if connection is None:
        return
    try:
        refresh(connection.pk, connection.version, ahead=True)
    except ConnectionBroken as error:
        log.info("connection.broken", connection=connection_id, cause=error.cause)
    except PlatformError as error:
        log.info("connection.later", connection=connection_id, why=error.message)


@shared_task(name="profiles.inspect")
def inspect_one(connection_id: str) -> None:
    inspect.inspect(connection_id)


@shared_task(name="profiles.pull_updates")
def pull_updates() -> None:
    updates.pull_all()


@shared_task(name="profiles.revoke")
def revoke(connection_id: str) -> None:
    remove.revoke(connection_id)
