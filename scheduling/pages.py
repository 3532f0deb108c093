"""What the post's page shows, worked out: words, the next step, the story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core import clock
from core.http import browser_url
from media.models import MediaItem
from platforms import registry
from platforms.types import FollowUp
from profiles.models import SocialProfile
from scheduling import (
    checks,
    coverage,
    drafts,
    following,
    held,
    lateness,
    parts,
    resuming,
    standing,
    stops,
    story,
    times,
)
from scheduling.models import EventKind, Post, Target
from scheduling.queries import all_dropped, shown
from scheduling.states import AT_PLATFORM, TO_REMIND, PublishBy, TargetState
from scheduling.summary import Summary, summarise

S = TargetState
# How soon the page looks again while something is about to happen.
SOON = timedelta(minutes=2)
TODAY = timedelta(hours=1)
HEALED = "The connection works again: choose when it goes out."
# Held, but not by the connection.
OTHER_CAUSES = frozenset({following.CODE, "author_may_not", stops.STAYED})


@dataclass(frozen=True)
class TargetCard:
    target: Target
    platform: str
    kind: str
    state: str
    word: str
    hint: str
    fix: str
    own_text: str | None
    items: list[MediaItem] | None
    story: list[story.Moment]
    # When it may go out, where that is a person's choice (R-D6).
    ways: list[held.Way]
    # What it is made of where more than the post goes out, and how that is called.
    parts: list[parts.Part]
    parts_label: str
    # What a person needs who posts it by hand.
    files: list[MediaItem]

    @property
    def icon(self) -> str:
        return registry.adapter_class(self.profile.platform).icon

    @property
    def picture(self) -> str:
        url = self.profile.picture_url
        return browser_url(url) if url else ""

    @property
    def profile(self) -> SocialProfile:
        return self.target.profile


@dataclass(frozen=True)
class PostPage:
    """`refresh_s`: ask again after so many seconds; 0 once nothing will change."""

    post: Post
    summary: Summary
    cards: list[TargetCard]
    items: list[MediaItem]
    when: str
    zone: str
    refresh_s: int
    late: list[str]
    editable: bool
    busy: bool
    written_by: str

    @property
    def asks(self) -> bool:
        """Whether something waits for a person's next step."""
        return any(card.fix for card in self.cards)


def of_post(post: Post) -> PostPage:
    """Expects a post with everything prefetched, as queries.get_post gives it."""
    targets = shown(post)
    for target in targets:
        target.post = post
    zone = post.group.timezone
    at = post.scheduled_at
    return PostPage(
        post=post,
        summary=summarise(standing.of(target) for target in targets),
        cards=cards(post, targets),
        items=[row.item for row in post.attachments.all()],
        when=times.words(at, zone) if at else "",
        zone=times.zone_label(zone, at or clock.now()),
        refresh_s=min((s for t in targets if (s := refresh_s(t))), default=0),
        late=late_words(targets),
        editable=all_dropped(post) or any(t.editable for t in targets),
        busy=any(target.state in AT_PLATFORM for target in targets),
        written_by=written_by(post),
    )


def written_by(post: Post) -> str:
    """Who began it; the post's author is who answers for its newest version."""
    first = next((e for e in post.events.all() if e.kind == EventKind.CREATED), None)
    return str(first.actor) if first and first.actor else str(post.author or "")


def cards(post: Post, targets: list[Target]) -> list[TargetCard]:
    """One query more where somebody has to choose a time."""
    waiting = {t.profile_id for t in targets if fix(t) == "retry"}
    taken = resuming.busy(waiting) if waiting else {}
    return [card(post, target, taken) for target in targets]


def card(post: Post, target: Target, taken: resuming.Busy) -> TargetCard:
    adapter = registry.get(target.profile.platform)
    kinds = {kind.key: kind.label for kind in adapter.kinds}
    return TargetCard(
        target=target,
        platform=adapter.name,
        kind=kinds.get(target.kind, "") if len(kinds) > 1 else "",
        state=standing.of(target),
        word=word(target),
        hint=hint(target, post.group.timezone),
        fix=fix(target),
        own_text=target.text,
        items=drafts.items_of(target) if target.media_ids is not None else None,
        story=story.of_target(post, target),
        ways=_ways(target, taken),
        parts=parts.of_target(target),
        parts_label=_parts_label(adapter.follow_up),
        files=drafts.items_of(target) if fix(target) == "post" else [],
    )


def _parts_label(form: FollowUp | None) -> str:
    if form is None:
        return "What follows"
    return form.label if form.most > 1 else f"Post and {form.label.lower()}"


def late_words(targets: list[Target]) -> list[str]:
    """What happens when it can't go out on time; several where the kinds differ."""
    ours = [target for target in targets if not coverage.by_hand(target)]
    rules = [lateness.rule_of(target) for target in ours]
    return list(dict.fromkeys(lateness.words(rule) for rule in rules))


def _ways(target: Target, taken: resuming.Busy) -> list[held.Way]:
    if fix(target) != "retry":
        return []
    return held.ways([target], taken.get(target.profile_id, []))


def word(target: Target) -> str:
    if target.dropped:
        return "Dropped"
    if standing.at_risk(target):
        return "At risk"
    if standing.of(target) == TO_REMIND:
        return "Reminder"
    if _retries(target):
        return "Retrying"
    return str(S(target.state).label)


def _retries(target: Target) -> bool:
    waits = bool(target.tries) or target.reason_code == "paused"
    return target.state == S.SCHEDULED and waits and not standing.at_risk(target)


def hint(target: Target, zone: str) -> str:
    """When the next thing happens by itself, in a sentence; or that nothing hinders."""
    if target.next_at is None:
        return HEALED if _healed(target) else ""
    at = times.words(target.next_at, zone)
    if _retries(target):
        return f"The next try is {at}."
    if target.state == S.UNCONFIRMED:
        return "We are asking the platform what became of it."
    if target.state != S.SCHEDULED:
        return ""
    if standing.at_risk(target):
        lead = "Its time is"
    elif target.publish_by == PublishBy.PLAN:
        lead = "Your plan doesn't Auto Publish it: the reminder to post it comes"
    elif coverage.by_hand(target):
        lead = "You post it by hand: the reminder comes"
    else:
        lead = "Goes out"
    # The engine may look at it before its time; people are told the time.
    return f"{lead} {times.words(target.due_at or target.next_at, zone)}."


def _healed(target: Target) -> bool:
    """Held for its connection, as its reason still says, and that works again."""
    held = target.state == S.HELD and target.reason_code not in OTHER_CAUSES
    return held and fix(target) == "retry"


def fix(target: Target) -> str:
    """The one next step: "connect", "edit", "retry", "decide", "lift", "post" by hand,
    "" for none."""
    asked = {S.UNCONFIRMED: "decide", S.REMINDER: "post"}
    if target.state in asked:
        return asked[S(target.state)]
    if standing.at_risk(target):
        return "connect" if _needs_connection(target) else "edit"
    if target.state not in {S.FAILED, S.HELD, S.MISSED}:
        return ""
    if target.reason_code == stops.STOPPED:
        return "lift"
    by_hand = coverage.by_hand(target)
    troubled = not by_hand and checks.connection_trouble(target.profile)
    return "connect" if troubled else "retry"


def _needs_connection(target: Target) -> bool:
    ending = target.reason_code == "connection_ends"
    return ending or bool(checks.connection_trouble(target.profile))


def refresh_s(target: Target) -> int:
    if target.state in {S.CLAIMED, S.SENDING, S.PROCESSING}:
        return 2
    if target.next_at is None or target.state not in {S.SCHEDULED, S.UNCONFIRMED}:
        return 0
    ahead = target.next_at - clock.now()
    return 2 if ahead < SOON else 30 if ahead < TODAY else 0
