"""Stories become posts by the product's own acts; past ones are then dated back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from accounts.models import AccessGroup, User
from core import clock
from later.demo import sandbox
from later.demo.connecting import BLUESKY, CAFE
from later.demo.story import End, Story
from media.models import MediaItem
from profiles.models import SocialProfile
from publishing.actions.settle import settle
from publishing.actions.work import publish
from scheduling import times
from scheduling.actions.create import create_post, created_words
from scheduling.actions.rows import slot_columns
from scheduling.content import Content, Mode, Variation, When
from scheduling.models import Post, Target
from scheduling.states import TargetState, move
from scheduling.times import Slot

# A platform that works on a file is asked again so often.
ROUNDS = 12
LEASE_S = 120
# How long before its time a post was written.
AHEAD = timedelta(days=2, hours=3, minutes=20)


@dataclass(frozen=True)
class Desk:
    """Where stories are written: a group, its profiles by platform, its files."""

    group: AccessGroup
    mira: User
    jonas: User
    profiles: Mapping[str, SocialProfile]
    files: Mapping[str, MediaItem]

    def write(self, story: Story, when: When) -> Post:
        author = self.jonas if story.by_jonas else self.mira
        return create_post(
            actor=author, group=self.group, content=self._content(story), when=when
        )

    def _content(self, story: Story) -> Content:
        """Profiles that aren't connected are left out: then it is a text without any."""
        places = [place for place in story.on.split() if place in self.profiles]
        variations = tuple(
            Variation(self.profiles[place].pk, story.own.get(place)) for place in places
        )
        media: tuple[UUID, ...] = tuple(self.files[name].pk for name in story.files)
        return Content(story.text, variations, media)

    def slot(self, story: Story) -> Slot:
        zone = self.group.timezone
        if story.minutes:
            minute = clock.now().replace(second=0, microsecond=0)
            return times.at(minute + timedelta(minutes=story.minutes), zone)
        if not story.at:
            return Slot(zone=zone)
        today = clock.to_wall(clock.now(), zone).date()
        wall = datetime.combine(
            today + timedelta(days=story.day), time.fromisoformat(story.at)
        )
        return times.parse(wall.strftime(times.WALL_FORMAT), zone)


def plan(desk: Desk, story: Story) -> Post:
    """A post that lies ahead, or a draft."""
    slot = desk.slot(story)
    draft = story.end == End.DRAFT or not desk.profiles
    mode = Mode.DRAFT if draft else Mode.SCHEDULE
    post = desk.write(story, When(mode, slot.wall, slot.zone))
    _date_back_writing(post, clock.now() - AHEAD, "")
    return post


def live_through(desk: Desk, story: Story) -> Post:
    """Really published, with the trouble it is to have, then moved into the past."""
    post = desk.write(story, When(Mode.NOW, zone=desk.group.timezone))
    slot = desk.slot(story)
    assert slot.instant is not None
    behind = round((slot.instant - clock.now()).total_seconds())
    with sandbox.switched(clock_offset_s=behind):
        for target in post.targets.select_related("profile"):
            with _trouble(story, target.profile):
                run(target)
    _date_back(post, slot)
    return post


def _trouble(story: Story, profile: SocialProfile) -> AbstractContextManager[None]:
    if story.end == End.FAILED:
        detail = {"subcode": 2207026}
        return sandbox.trouble(
            "error", platform="instagram", step="processing", detail=detail, times=2
        )
    if story.end == End.UNSURE:
        return sandbox.trouble("cut_after", platform="telegram", step="sendMessage")
    if story.end == End.HELD:
        _take_access_away(profile)
    return nullcontext()


def _take_access_away(profile: SocialProfile) -> None:
    if profile.platform == "bluesky":
        ended = {"platform": "bluesky", "identity": BLUESKY["handle"]}
        sandbox.control("POST", "tokens/revoke", ended)
        return
    gone = ["instagram_business_content_publish"]
    wish = {"platform": "instagram", "identity": CAFE["handle"], "remove": gone}
    sandbox.control("POST", "permissions", wish)


def run(target: Target) -> None:
    """What tick and worker do, for this one target and without the waiting."""
    for _ in range(ROUNDS):
        if target.state == TargetState.SCHEDULED:
            _claim(target)
            publish(str(target.pk), target.fence)
        elif target.next_at is not None:
            settle(str(target.pk), target.fence)
        else:
            return
        target.refresh_from_db()


def _claim(target: Target) -> None:
    move(
        target,
        TargetState.CLAIMED,
        expect=TargetState.SCHEDULED,
        fence=target.fence + 1,
        lease_until=clock.seconds_from_now(LEASE_S),
    )


def _date_back(post: Post, slot: Slot) -> None:
    assert slot.instant is not None
    words = created_words(Mode.SCHEDULE, slot)
    Post.objects.filter(pk=post.pk).update(**slot_columns(slot))
    _date_back_writing(post, slot.instant - AHEAD, words)
    for target in post.targets.all():
        _date_back_target(target, slot.instant)


def _date_back_writing(post: Post, at: datetime, words: str) -> None:
    Post.objects.filter(pk=post.pk).update(created_at=at, edited_at=at)
    post.events.update(at=at, **({"text": words} if words else {}))


def _date_back_target(target: Target, due: datetime) -> None:
    """Its steps keep their distances; the first one falls on the second it was due."""
    steps = list(target.attempts.all())
    back = due + timedelta(seconds=0.6) - steps[0].at
    for step in steps:
        step.at += back
    type(steps[0]).objects.bulk_update(steps, ["at"])
    columns = {
        name: getattr(target, name) + back
        for name in ("intent_at", "published_at")
        if getattr(target, name)
    }
    Target.objects.filter(pk=target.pk).update(due_at=due, **columns)
    if target.published_at:
        rows = SocialProfile.objects.filter(pk=target.profile_id)
        rows.update(last_published_at=columns["published_at"])
