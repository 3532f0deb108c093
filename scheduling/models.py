"""Posts and their targets. The target row is the only truth of a publication."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import AccessGroup
from core import clock
from core.http import browser_url
from core.tenancy import TenantQuerySet
from media.models import MediaItem
from profiles.models import SocialProfile
from scheduling.halt import ResumePlan as ResumePlan
from scheduling.halt import Stop as Stop
from scheduling.states import EDITABLE, FROZEN, PublishBy, TargetState


class EventKind(models.TextChoices):
    CREATED = "created", "Created"
    EDITED = "edited", "Edited"
    SCHEDULED = "scheduled", "Scheduled"
    MOVED = "moved", "Moved"
    DRAFTED = "drafted", "Back to draft"
    DELETED = "deleted", "Deleted"
    RETRIED = "retried", "Try again"
    DECIDED = "decided", "Decided"
    RESUMED = "resumed", "Resumed"
    DROPPED = "dropped", "Dropped"
    STOPPED = "stopped", "Stopped"
    POSTED = "posted", "Posted by hand"


class LateRule(models.TextChoices):
    """When its time passed and publishing wasn't possible (scheduling.lateness)."""

    USUAL = "", "As usual for its kind"
    SEND = "send", "Send it anyway"
    ASK = "ask", "Ask me"
    DROP = "drop", "Drop it"


class PostQuerySet(TenantQuerySet["Post"]):
    def alive(self) -> PostQuerySet:
        return self.filter(deleted_at=None)


class Post(models.Model):
    """What a person wrote, for one or more profiles, and when it shall go out.

    `scheduled_at` is the instant, `wall_at` the clock time that was chosen in `zone`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(
        AccessGroup, on_delete=models.CASCADE, related_name="posts"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField(blank=True)
    scheduled_at = models.DateTimeField(null=True, blank=True)
    wall_at = models.CharField(max_length=19, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    late_rule = models.CharField(
        max_length=4, choices=LateRule.choices, default=LateRule.USUAL, blank=True
    )
    # Minutes after its time at which the rule acts; None: as usual for its kind.
    late_min = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(default=clock.now)
    # Deleted posts keep their rows: the worker may hold one, the story names who did it.
    deleted_at = models.DateTimeField(null=True, blank=True)
    # Rises with each edit; a form that was opened on an older one is told.
    version = models.PositiveIntegerField(default=1)

    media = models.ManyToManyField(MediaItem, through="PostMedia", related_name="posts")

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            # scheduling.queries.between: the calendar's range of a group
            models.Index(fields=["group", "scheduled_at"], name="post_calendar"),
            # leaving.actions.purge: deleted long ago
            models.Index(
                fields=["deleted_at"],
                condition=Q(deleted_at__isnull=False),
                name="post_deleted",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60] or str(self.pk)


class PostMedia(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="attachments")
    item = models.ForeignKey(
        MediaItem, on_delete=models.PROTECT, related_name="attachments"
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "position"], name="one_file_a_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.item}"


class PostEvent(models.Model):
    """What a person did to a post, in plain words; only ever added to (R-F11)."""

    id = models.BigAutoField(primary_key=True)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="events")
    # None: it concerns all of the post's profiles.
    target = models.ForeignKey(
        "scheduling.Target",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="events",
    )
    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=16, choices=EventKind.choices)
    text = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class TargetQuerySet(TenantQuerySet["Target"]):
    member_path = "post__group__memberships__user"


class Target(models.Model):
    """A post on one profile: its variation, its state, its one clock (`next_at`).

    `fence` rises with each claim and each edit: an older claim can't write any more.
    `journal` is what the platform gave us on the way; dropped when the post is edited.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="targets")
    profile = models.ForeignKey(
        SocialProfile, on_delete=models.PROTECT, related_name="targets"
    )
    kind = models.CharField(max_length=32)
    # None: the post's own text.
    text = models.TextField(null=True, blank=True)  # noqa: DJ001
    options = models.JSONField(default=dict, blank=True)
    # None: the post's own files. Ids that were sent, once the post's are changed.
    media_ids = models.JSONField(null=True, blank=True)
    state = models.CharField(
        max_length=12, choices=TargetState.choices, default=TargetState.DRAFT
    )
    publish_by = models.CharField(
        max_length=8, choices=PublishBy.choices, default=PublishBy.AUTO
    )
    due_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    journal = models.JSONField(default=dict, blank=True)
    prepared = models.JSONField(null=True, blank=True)
    intent_at = models.DateTimeField(null=True, blank=True)
    # Handles in `prepared` live until then; None: for as long as we keep them.
    prepared_until = models.DateTimeField(null=True, blank=True)
    handle = models.CharField(max_length=255, blank=True)
    # A thread or a first comment: what is out already, oldest first ({id, url}).
    parts_out = models.JSONField(default=list, blank=True)
    remote_id = models.CharField(max_length=255, blank=True)
    permalink = models.URLField(max_length=2_000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # Why it isn't out, in plain words; the field it concerns; the platform's words.
    reason_code = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    reason_field = models.CharField(max_length=32, blank=True)
    details = models.TextField(blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "profile"], name="once_a_profile"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="published_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(next_at__isnull=False),
                name="scheduled_has_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "sending"])
                | Q(lease_until__isnull=False),
                name="claimed_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(intent_at__isnull=False),
                name="sending_has_intent",
            ),
        ]
        indexes: ClassVar = [
            # publishing.actions.claim.due: what the tick takes
            models.Index(
                fields=["next_at"],
                condition=Q(state="scheduled"),
                name="target_due",
            ),
            # publishing.actions.claim: what is sent and has a question left
            models.Index(
                fields=["next_at"],
                condition=Q(
                    state__in=["processing", "unconfirmed", "published"],
                    next_at__isnull=False,
                ),
                name="target_open_ends",
            ),
            # scheduling.stops: what a stop holds, until it is lifted
            models.Index(
                fields=["profile"],
                condition=Q(state="held", reason_code="stopped"),
                name="target_stopped",
            ),
            # scheduling.held: what waits for a person's choice
            models.Index(
                fields=["profile"],
                condition=Q(state__in=["held", "missed"]),
                name="target_on_hold",
            ),
            # publishing.actions.claim: what workers hold, and lapsed leases
            models.Index(
                fields=["lease_until"],
                condition=Q(lease_until__isnull=False),
                name="target_leases",
            ),
            # publishing.queries: what is due and not final, for gauges and alarms
            models.Index(
                fields=["due_at"],
                condition=Q(
                    state__in=[
                        "scheduled",
                        "claimed",
                        "sending",
                        "processing",
                        "unconfirmed",
                    ]
                ),
                name="target_unfinished",
            ),
            # publishing.queries: what waits for a person
            models.Index(
                fields=["state"],
                condition=Q(state__in=["held", "unconfirmed"]),
                name="target_waits_for_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile}: {self.state}"

    @property
    def out_in_part(self) -> bool:
        """The post is out and something that follows it isn't: it can't change."""
        return bool(self.parts_out) and self.state != TargetState.PUBLISHED

    @property
    def frozen(self) -> bool:
        return self.state in FROZEN or self.out_in_part

    @property
    def editable(self) -> bool:
        return self.state in EDITABLE and not self.out_in_part

    @property
    def own_text(self) -> str:
        """The text this profile gets: its variation, else the post's."""
        return self.post.text if self.text is None else self.text

    @property
    def dropped(self) -> bool:
        """Cancelled by a rule or a decision, with a reason that people should see."""
        return self.state == TargetState.CANCELLED and bool(self.reason_code)

    @property
    def link(self) -> str:
        """The permalink as a browser opens it: at the sandbox, in the demo."""
        return browser_url(self.permalink) if self.permalink else ""

    def fresh_claim(self) -> dict[str, Any]:
        """Columns that forget what was prepared for an older version of the post."""
        return {
            "journal": {},
            "prepared": None,
            "prepared_until": None,
            "handle": "",
            "tries": 0,
        }
