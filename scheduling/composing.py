"""What the composer is drawn from: a post or what was just typed, and the limits.

All platform knowledge is data of the adapters; templates and scripts read it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.templatetags.static import static
from django.urls import reverse

from accounts.models import AccessGroup
from core import clock
from core.errors import DomainError
from core.http import browser_url
from media.models import MediaItem
from platforms import registry
from platforms.adapter import Adapter
from platforms.types import FollowUp, PostKind
from profiles.models import SocialProfile
from scheduling import checks, coverage, drafts, following, lateness, times
from scheduling.content import Variation
from scheduling.forms import LateForm, Submission
from scheduling.models import Post, Target
from scheduling.queries import all_dropped, is_off, profiles_of
from scheduling.states import AT_PLATFORM, PublishBy, TargetState

HALF_HOUR = timedelta(minutes=30)
SPARE = 3
DRAWN = frozenset({"text", "kind", "publish_by"})
OWN_FIELDS = ("text", "kind", "options", "publish_by")


@dataclass(frozen=True)
class Choice:
    """A profile as the composer offers it. `fixed`: it is out, its share can't change."""

    profile: SocialProfile
    adapter: Adapter
    trouble: str = ""
    chosen: bool = False
    fixed: str = ""
    own: bool = False
    text: str = ""
    kind: str = ""
    follow_ups: tuple[str, ...] = ()
    reminds: bool = False
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.profile.pk)

    @property
    def picture(self) -> str:
        return picture_of(self.profile)

    @property
    def preview(self) -> list[str]:
        """A platform's own look where it has one, else everyone's."""
        return [
            f"platforms/{self.adapter.key}_preview.html",
            "scheduling/_preview.html",
        ]

    @property
    def files_first(self) -> bool:
        return all(kind.min_media for kind in self.adapter.kinds)

    @property
    def kinds(self) -> tuple[PostKind, ...]:
        return self.adapter.kinds if len(self.adapter.kinds) > 1 else ()

    @property
    def follow_up(self) -> FollowUp | None:
        return None if self.fixed else self.adapter.follow_up

    @property
    def follow_trouble(self) -> str:
        """Why nothing of the kind would go out, in a sentence; "" if it could."""
        return following.trouble(self.profile)

    @property
    def follow_rows(self) -> tuple[str, ...]:
        """The texts that follow, and room for more where no script can add any."""
        if self.follow_up is None:
            return ()
        spare = min(SPARE, max(self.follow_up.most - len(self.follow_ups), 0))
        return (*self.follow_ups, *([""] * spare))


@dataclass(frozen=True)
class Composer:
    group: AccessGroup
    choices: list[Choice]
    text: str = ""
    items: list[MediaItem] = field(default_factory=list)
    date: str = ""
    time: str = ""
    zone: str = ""
    version: int = 0
    key: str = ""
    post: Post | None = None
    pressed: bool = False
    scheduled: bool = False
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    # Profiles that posts can't go to yet, in words: "@alice on Example".
    connect_only: tuple[str, ...] = ()
    late: LateForm = field(default_factory=LateForm)

    @property
    def zone_label(self) -> str:
        return times.zone_label(self.zone, clock.now())

    @property
    def reminds(self) -> bool:
        """Somebody chose a reminder, or is refused what only that can do."""
        return any(c.reminds or c.errors.get("publish_by") for c in self.choices)

    @property
    def general_errors(self) -> list[str]:
        """Those that belong beside no field that is drawn."""
        drawn = {"text", "profiles", "media", "wall_at", "late_rule", "late_min"}
        drawn |= {f"variations.{c.id}.options" for c in self.choices if c.follow_up}
        return [
            message
            for name, messages in self.errors.items()
            if name not in drawn and name.rpartition(".")[2] not in DRAWN
            for message in messages
        ]

    @property
    def data(self) -> dict[str, Any]:
        """For the scripts; nothing of it is secret."""
        ids = {"group_id": self.group.pk}
        return {
            "profiles": {choice.id: profile_data(choice) for choice in self.choices},
            "media": [item_data(item) for item in self.items],
            "urls": {
                "check": reverse("scheduling:check", kwargs=ids),
                "upload": reverse("media:upload", kwargs=ids),
                "media": reverse("media:library", kwargs=ids),
            },
            "post": str(self.post.pk) if self.post else "",
        }


def new(group: AccessGroup, wall: str = "") -> Composer:
    """An empty one; `wall` is the calendar's slot that was pressed, as clock time."""
    pressed = times.WALL.fullmatch(wall) is not None
    slot = wall if pressed else times.to_wall(next_half_hour(), group.timezone)
    date, _, time = slot.partition("T")
    choices, connect_only = offers(group)
    return Composer(
        group=group,
        choices=choices,
        connect_only=connect_only,
        date=date,
        time=time[:5],
        zone=group.timezone,
        key=str(uuid4()),
        pressed=pressed,
    )


def next_half_hour() -> datetime:
    """A time to begin with: half an hour ahead or a little more."""
    ahead = clock.now() + 2 * HALF_HOUR
    return ahead - timedelta(minutes=ahead.minute % 30, seconds=ahead.second)


def of_post(post: Post) -> Composer:
    targets = {target.profile_id: target for target in post.targets.all()}
    items = [row.item for row in post.attachments.all()]
    date, time = _wall(post.scheduled_at, post.group.timezone)
    choices, connect_only = offers(post.group)
    return Composer(
        group=post.group,
        choices=[_chosen(c, post, targets.get(c.profile.pk), items) for c in choices],
        connect_only=connect_only,
        text=post.text,
        items=items,
        date=date,
        time=time,
        zone=post.group.timezone,
        version=post.version,
        post=post,
        late=LateForm(lateness.late_of(post)),
        scheduled=any(t.state == TargetState.SCHEDULED for t in targets.values()),
    )


def _wall(at: datetime | None, zone: str) -> tuple[str, str]:
    date, _, time = (times.to_wall(at, zone) if at else "").partition("T")
    return date, time


def offers(group: AccessGroup) -> tuple[list[Choice], tuple[str, ...]]:
    """Who a post can go to, and who is connect only, named in words."""
    every = [offer(profile) for profile in profiles_of(group)]
    rest = [each for each in every if not each.adapter.publishes]
    words = tuple(f"{each.profile.label} on {each.adapter.name}" for each in rest)
    return [each for each in every if each.adapter.publishes], words


def offer(profile: SocialProfile) -> Choice:
    adapter = registry.get(profile.platform)
    return Choice(profile, adapter, trouble=checks.connection_trouble(profile))


def _chosen(
    choice: Choice, post: Post, target: Target | None, items: list[MediaItem]
) -> Choice:
    if target is None or is_off(target):
        return choice
    # Dropped beside others that go out: chosen again only by hand.
    if target.dropped and not all_dropped(post):
        return choice
    usual = drafts.sketch(choice.adapter, "", items).kind
    return replace(
        choice,
        chosen=True,
        fixed=_fixed(target),
        own=target.text is not None,
        text=target.own_text if target.text is not None else "",
        # The kind that fits by itself goes on following the files.
        kind="" if target.kind == usual else target.kind,
        follow_ups=drafts.follow_ups(target),
        reminds=coverage.by_hand(target),
    )


def typed(composer: Composer, sent: Submission, errors: list[DomainError]) -> Composer:
    """The same composer with what the person typed and what is wrong with it."""
    found = by_field(errors)
    variations = {v.profile_id: v for v in sent.content.variations}
    date, _, time = sent.when.wall.partition("T")
    return replace(
        composer,
        choices=[
            _typed(choice, variations.get(choice.profile.pk), found)
            for choice in composer.choices
        ],
        text=sent.content.text,
        items=_items(composer.group, sent.content.media),
        date=date,
        time=time,
        key=str(sent.key or composer.key),
        late=LateForm(sent.when.late or composer.late.asked, found),
        errors=found,
    )


def _typed(
    choice: Choice, variation: Variation | None, errors: Mapping[str, list[str]]
) -> Choice:
    if choice.fixed:
        return choice
    if variation is None:
        blank = replace(choice, text="", kind="", follow_ups=(), reminds=False)
        return replace(blank, chosen=False, own=False)
    mine = {name: errors.get(variation.field(name), []) for name in OWN_FIELDS}
    follow_ups = variation.follow_ups
    return replace(
        choice,
        chosen=True,
        own=variation.text is not None,
        text=variation.text or "",
        kind=variation.kind,
        reminds=variation.publish_by in {PublishBy.REMINDER, PublishBy.PLAN},
        follow_ups=choice.follow_ups if follow_ups is None else follow_ups,
        errors=mine,
    )


def _items(group: AccessGroup, ids: tuple[UUID, ...]) -> list[MediaItem]:
    found = {
        item.pk: item for item in MediaItem.objects.filter(group=group, pk__in=ids)
    }
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def by_field(errors: list[DomainError]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for error in errors:
        found.setdefault(error.field, []).append(error.message)
    return found


def profile_data(choice: Choice) -> dict[str, Any]:
    adapter, profile = choice.adapter, choice.profile
    limits = adapter.limits
    return {
        "id": choice.id,
        "name": profile.name,
        "label": profile.label,
        "handle": profile.handle,
        "picture": picture_of(profile),
        "platform": adapter.name,
        "key": profile.platform,
        "icon": static(f"img/platforms/{adapter.icon}.svg"),
        "fixed": bool(choice.fixed),
        "kinds": [
            {**asdict(kind), "text": asdict(limits.text_for(kind.key))}
            for kind in adapter.kinds
        ],
        "altText": limits.alt_text,
        "followUp": asdict(adapter.follow_up) if adapter.follow_up else None,
    }


def picture_of(profile: SocialProfile) -> str:
    """The address for a browser, "" without one."""
    return browser_url(profile.picture_url) if profile.picture_url else ""


def item_data(item: MediaItem) -> dict[str, Any]:
    """The shape that an upload answers with."""
    ids = {"group_id": item.group_id, "item_id": item.pk}
    return {
        "id": str(item.pk),
        "name": item.name,
        "kind": item.kind,
        "width": item.width,
        "height": item.height,
        "duration_s": item.duration_s,
        "size": item.size,
        "alt_text": item.alt_text,
        "thumb_url": reverse("media:thumb", kwargs=ids),
        "url": reverse("media:original", kwargs=ids),
    }


def _fixed(target: Target) -> str:
    """Why its share can't change, in a word or two; "" when it can."""
    if target.out_in_part:
        return "Out in part"
    fixed = target.frozen or target.state in AT_PLATFORM
    return str(target.get_state_display()) if fixed else ""
