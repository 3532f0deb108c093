"""Thin tasks; arguments are ids."""

from __future__ import annotations

from celery import shared_task

from leaving.actions import erase, gather, purge


@shared_task(name="leaving.erase")
def erase_account(deletion_id: str) -> None:
    erase.erase(deletion_id)


# Files of many gigabytes take longer than other work may.
@shared_task(name="leaving.export", time_limit=6 * 3_600)
def export(export_id: str) -> None:
    gather.gather(export_id)


@shared_task(name="leaving.go_on")
def go_on() -> None:
    """Each minute: what is open, whose message was lost or whose worker died."""
    erase.go_on()
    gather.go_on()


@shared_task(name="leaving.purge")
def purge_old() -> None:
    """Each hour, so that a beat that was away for a day costs none."""
    purge.purge()
