"""One look of the watch: which alarms begin, go on and end; then the outbox.

Safe to run from several places at once: whoever changes an alarm's row writes its
messages in the same transaction, and a message is taken by one deliverer at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F

from core import clock
from publishing import alarm_channels
from publishing.actions.heartbeat import forget_gone
from publishing.alarm_channels import NotDelivered
from publishing.alarms import Condition, conditions
from publishing.models import Alarm, AlarmEvent, AlarmMessage

log = structlog.get_logger(__name__)

# What passes sooner is not told; what comes back sooner hasn't ended.
HOLDS = timedelta(seconds=20)
QUIET = timedelta(seconds=60)
AGAIN = timedelta(hours=1)
# The outbox: a message that nobody takes is tried at growing intervals.
LEASE = timedelta(seconds=60)
GIVE_UP = timedelta(hours=6)
BATCH = 20


def watch() -> None:
    look(conditions())
    deliver()
    forget_gone()


def look(found: Iterable[Condition]) -> None:
    present = list(found)
    for condition in present:
        _present(condition)
    for alarm in Alarm.objects.exclude(key__in=[c.key for c in present]):
        _absent(alarm)


def _present(condition: Condition) -> None:
    now = clock.now()
    words = {"title": condition.title[:200], "text": condition.text, "seen_at": now}
    alarm, new = Alarm.objects.get_or_create(key=condition.key, defaults=words)
    if new:
        return
    Alarm.objects.filter(key=alarm.key).update(**words)
    event = _event(alarm)
    if event is not None:
        _tell(alarm, event, condition)


def _event(alarm: Alarm) -> AlarmEvent | None:
    now = clock.now()
    if alarm.told_at is None:
        return AlarmEvent.STARTED if now - alarm.since >= HOLDS else None
    return AlarmEvent.CONTINUES if now - alarm.told_at >= AGAIN else None


@transaction.atomic
def _tell(alarm: Alarm, event: AlarmEvent, condition: Condition) -> None:
    """By whoever is first to note that it is told."""
    row = Alarm.objects.filter(key=alarm.key, told_at=alarm.told_at)
    if row.update(told_at=clock.now()):
        alarm.title, alarm.text = condition.title[:200], condition.text
        _write(alarm, event)


@transaction.atomic
def _absent(alarm: Alarm) -> None:
    if clock.now() - alarm.seen_at < QUIET:
        return
    deleted, _ = Alarm.objects.filter(key=alarm.key, seen_at=alarm.seen_at).delete()
    if deleted and alarm.told_at is not None:
        _write(alarm, AlarmEvent.ENDED)


def _write(alarm: Alarm, event: AlarmEvent) -> None:
    log.warning("alarm", key=alarm.key, alarm_event=str(event), title=alarm.title)
    facts = {"key": alarm.key, "title": alarm.title, "text": alarm.text}
    AlarmMessage.objects.bulk_create(
        AlarmMessage(channel=channel, event=event, since=alarm.since, **facts)
        for channel in alarm_channels.configured()
    )


def deliver() -> None:
    """Send what is due; who fails waits, and disturbs nobody else."""
    due = AlarmMessage.objects.filter(send_at__lte=clock.now()).order_by("created_at")
    for message in due[:BATCH]:
        taken = AlarmMessage.objects.filter(pk=message.pk, send_at=message.send_at)
        wait = LEASE * (message.tries + 1)
        if taken.update(send_at=clock.now() + wait, tries=F("tries") + 1):
            _deliver(message)


def _deliver(message: AlarmMessage) -> None:
    try:
        alarm_channels.send(message)
    except NotDelivered as error:
        log.warning("alarm.not_sent", channel=message.channel, error=str(error))
        if clock.now() - message.created_at < GIVE_UP:
            return
    message.delete()
