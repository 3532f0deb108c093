"""What was tried, step by step (R-F6), and whether the publisher is alive."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from core import clock
from scheduling.models import Target


class Step(models.TextChoices):
    CHECK = "check", "Checked the connection"
    PREPARE = "prepare", "Prepared"
    SEND = "send", "Sent"
    PROCESS = "process", "Asked the platform"
    FIND = "find", "Looked on the profile"
    REAP = "reap", "Recovered"
    DECIDE = "decide", "Decided by a person"


class Outcome(models.TextChoices):
    OK = "ok", "Done"
    WAITING = "waiting", "Waiting"
    INTENT = "intent", "Started"
    RETRY = "retry", "Will try again"
    REFUSED = "refused", "Refused"
    UNKNOWN = "unknown", "Not confirmed"
    RISK = "risk", "At risk"
    REMINDED = "reminded", "Reminded"


class Attempt(models.Model):
    """One step of a publication; only ever added to, never secret."""

    id = models.BigAutoField(primary_key=True)
    target = models.ForeignKey(
        Target, on_delete=models.CASCADE, related_name="attempts"
    )
    fence = models.PositiveIntegerField()
    step = models.CharField(max_length=8, choices=Step.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    at = models.DateTimeField(default=clock.now)
    duration_ms = models.PositiveIntegerField(default=0)
    calls = models.PositiveSmallIntegerField(default=0)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    code = models.CharField(max_length=64, blank=True)
    message = models.TextField(blank=True)
    details = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.step}: {self.outcome}"


class Heartbeat(models.Model):
    """When a part of the publisher was last seen: `tick`, or `worker:NAME`."""

    name = models.CharField(max_length=128, primary_key=True)
    seen_at = models.DateTimeField()
    # How many publications it can have in hand at once; 0 for what publishes nothing.
    slots = models.PositiveIntegerField(default=0)
    # How far its machine's clock was ahead of the database's.
    ahead_ms = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.seen_at:%H:%M:%S}"


class Pause(models.Model):
    """A platform, or one profile on it, that is left in peace until a time.

    `scope` is "app", "at:HOST" for one server of many, or the profile's id. `strikes`
    counts troubles in a row, for the circuit breaker; a success clears them.
    """

    platform = models.CharField(max_length=32)
    scope = models.CharField(max_length=64)
    until = models.DateTimeField(null=True, blank=True)
    strikes = models.PositiveIntegerField(default=0)
    struck_at = models.DateTimeField(null=True, blank=True)
    # How long the circuit was open the last time; it doubles while it opens again.
    length_s = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["platform", "scope"], name="one_pause")
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.scope} until {self.until}"


class Pace(models.Model):
    """What was sent lately where a platform bounds how fast: in all, or of a profile.

    `scope` is "app" or the profile's id, with the window's seconds. `sent` holds
    [epoch seconds, messages] of the window; up to `booked_until`, places to come are
    given to those who wait.
    """

    platform = models.CharField(max_length=32)
    scope = models.CharField(max_length=64)
    sent = models.JSONField(default=list)
    booked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["platform", "scope"], name="one_pace")
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.scope}"


class Alarm(models.Model):
    """A condition that the operator must know of, for as long as it lasts."""

    key = models.CharField(max_length=128, primary_key=True)
    title = models.CharField(max_length=200)
    text = models.TextField()
    since = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    # None: it hasn't lasted long enough to be told.
    told_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class AlarmEvent(models.TextChoices):
    STARTED = "started", "Started"
    CONTINUES = "continues", "Continues"
    ENDED = "ended", "Ended"


class AlarmMessage(models.Model):
    """One message of an alarm by one channel, until it is delivered: an outbox."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=8)
    event = models.CharField(max_length=16, choices=AlarmEvent.choices)
    key = models.CharField(max_length=128)
    title = models.CharField(max_length=200)
    text = models.TextField()
    since = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)
    send_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.channel}: {self.title} {self.event}"
