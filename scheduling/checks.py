"""Everything that can be wrong with what a person asks for, told all at once.

The rules of platforms come from their adapters; this module knows none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from accounts.models import AccessGroup
from core.errors import DomainError, DomainErrors
from media.models import MediaItem
from platforms import registry
from platforms.adapter import Adapter
from platforms.checks import kind_unknown
from platforms.types import Draft, Problem
from profiles.models import SocialProfile
from profiles.rights import may_publish
from profiles.words import CONNECT_ONLY
from scheduling import (
    allowance,
    coverage,
    drafts,
    following,
    lateness,
    quotas,
    stops,
    times,
)
from scheduling.content import Content, Mode, Variation, When
from scheduling.states import PublishBy
from scheduling.times import Slot

MAX_FILES = 50
MAX_TEXT = 100_000
MAX_FOLLOW_UPS = 100
# Fields that each profile has for itself.
OWN = frozenset({"kind", "options", "publish_by"})


@dataclass(frozen=True)
class Part:
    """One profile's share of a post, with the kind of post it will be."""

    variation: Variation
    profile: SocialProfile
    draft: Draft

    @property
    def adapter(self) -> Adapter:
        return registry.get(self.profile.platform)

    @property
    def by_hand(self) -> bool:
        return (self.variation.publish_by or PublishBy.AUTO) != PublishBy.AUTO


@dataclass(frozen=True)
class Material:
    """What a content's ids stand for, and what is wrong with them."""

    parts: tuple[Part, ...]
    items: tuple[MediaItem, ...]
    errors: tuple[DomainError, ...]


@dataclass(frozen=True)
class Finding:
    """A platform's objection to one part; `field` is where it is shown."""

    part: Part
    problem: Problem

    @property
    def field(self) -> str:
        name = self.problem.field
        variation = self.part.variation
        if name == "text":
            return "text" if variation.text is None else variation.field("text")
        return variation.field(name) if name in OWN else name

    def error(self) -> DomainError:
        return DomainError(self.problem.code, self.problem.message, field=self.field)


@dataclass(frozen=True)
class Plan:
    slot: Slot
    parts: tuple[Part, ...]
    items: tuple[MediaItem, ...]


def plan(
    group: AccessGroup,
    content: Content,
    when: When,
    going: frozenset[UUID] = frozenset(),
) -> Plan:
    """Raises DomainErrors with all that stands against it.

    `going`: profiles whose targets are scheduled already. Their connection is judged
    at the time itself, so that a trouble with it never blocks mending a text.
    """
    material = gather(group, content)
    errors = [*material.errors, *lateness.problems(when.late)]
    slot = Slot()
    try:
        slot = times.resolve(when)
    except DomainError as error:
        errors.append(error)
    if when.mode == Mode.DRAFT:
        errors += _empty(content)
    else:
        errors += _unready(content, material, going)
        errors += _too_many(material, slot, going)
    if when.mode == Mode.NOW:
        errors += _stopped(group, material)
    if errors:
        raise DomainErrors(_distinct(errors))
    return Plan(slot, material.parts, material.items)


def _stopped(group: AccessGroup, material: Material) -> list[DomainError]:
    """What is stopped may be scheduled, and told so; "now" can't be meant (R-F10)."""
    chosen = {part.profile.pk for part in material.parts}
    return [
        DomainError("stopped", stops.why_not_now(stop), field="profiles")
        for stop in stops.in_force(group)
        if stop.profile_id is None or stop.profile_id in chosen
    ]


def gather(group: AccessGroup, content: Content) -> Material:
    """Only rows of the group are found: a stranger's id reads like an unknown one."""
    errors: list[DomainError] = []
    if len(content.text) > MAX_TEXT:
        errors.append(
            DomainError("text_far_too_long", "This text is too long.", field="text")
        )
    items = _items(group, content.media, errors)
    parts = _parts(group, content, items, errors)
    return Material(tuple(parts), tuple(items), tuple(errors))


def findings(parts: Iterable[Part]) -> Iterator[Finding]:
    for part in parts:
        profile = part.profile.for_platform()
        for problem in part.adapter.problems(part.draft, profile):
            if not (part.by_hand and problem.by_hand):
                yield Finding(part, problem)
        if not part.by_hand:
            yield from _of_auto_publish(part)


def _of_auto_publish(part: Part) -> Iterator[Finding]:
    """What stands against our posting it, and not against a reminder."""
    account = part.profile.group.account
    words = coverage.uncovered(account, part.adapter, part.draft.kind)
    if words:
        yield Finding(part, Problem(coverage.CODE, words, "publish_by", by_hand=True))
    # Told, not blocking: what is scheduled already may be edited all the same.
    words = following.trouble(part.profile) if part.draft.follow_ups else ""
    if words:
        yield Finding(part, Problem(following.CODE, words, "options", False))


def connection_trouble(profile: SocialProfile) -> str:
    """Why nothing can be scheduled on this profile now, in a sentence; "" if it can."""
    adapter = registry.get(profile.platform)
    connection = getattr(profile, "connection", None)
    if not adapter.publishes:
        return CONNECT_ONLY.format(name=adapter.name)
    if connection is None or profile.removed_at is not None:
        return f"{profile.label} isn't connected to {adapter.name}."
    if may_publish(adapter, connection):
        return ""
    word = connection.get_state_display().lower()
    return f"The {adapter.name} connection of {profile.label} needs attention: {word}."


def _items(
    group: AccessGroup, ids: tuple[UUID, ...], errors: list[DomainError]
) -> list[MediaItem]:
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MAX_FILES:
        message = f"A post takes up to {MAX_FILES} files."
        errors.append(DomainError("media_too_many", message, field="media"))
        return []
    found = {
        item.pk: item for item in MediaItem.objects.filter(group=group, pk__in=ids)
    }
    if len(found) < len(wanted):
        message = (
            "A file is no longer in the media library. Take it off or add it again."
        )
        errors.append(DomainError("media_unknown", message, field="media"))
    return [found[pk] for pk in wanted if pk in found]


def _parts(
    group: AccessGroup,
    content: Content,
    items: list[MediaItem],
    errors: list[DomainError],
) -> Iterator[Part]:
    profiles = _profiles(group, content)
    for variation in content.variations:
        profile = profiles.get(variation.profile_id)
        if profile is None:
            errors.append(unknown_profile())
            continue
        adapter = registry.get(profile.platform)
        refusal = _impossible(adapter, variation)
        if refusal is not None:
            errors.append(refusal)
            continue
        text = content.text if variation.text is None else variation.text
        options = variation.all_options
        draft = drafts.sketch(adapter, text, items, variation.kind, options)
        yield Part(variation, profile, draft)


def _impossible(adapter: Adapter, variation: Variation) -> DomainError | None:
    """What not even a draft can be made of."""
    if not adapter.publishes:
        message = CONNECT_ONLY.format(name=adapter.name)
        return DomainError("connect_only", message, field="profiles")
    if variation.kind and adapter.kind(variation.kind) is None:
        gone = kind_unknown(adapter.name)
        return DomainError(gone.code, gone.message, field=variation.field(gone.field))
    if variation.publish_by not in {"", *PublishBy.values}:
        field = variation.field("publish_by")
        return DomainError("publish_by", "Choose who posts it.", field=field)
    return _boundless(variation)


def _follow_ups(variation: Variation) -> tuple[str, ...]:
    return Draft("", options=variation.all_options).follow_ups


def _boundless(variation: Variation) -> DomainError | None:
    """More than anybody's thread holds: refused before it is kept."""
    texts = _follow_ups(variation)
    if len(texts) <= MAX_FOLLOW_UPS and sum(map(len, texts)) <= MAX_TEXT:
        return None
    message = "What follows the post is too long."
    return DomainError("follow_ups_too_long", message, field=variation.field("options"))


def _profiles(group: AccessGroup, content: Content) -> dict[UUID, SocialProfile]:
    ids = [variation.profile_id for variation in content.variations]
    rows = SocialProfile.objects.active().filter(group=group, pk__in=ids)
    related = ("connection", "group__account__owner")
    return {row.pk: row for row in rows.select_related(*related)}


def unknown_profile() -> DomainError:
    return DomainError(
        "profile_unknown",
        "A chosen profile isn't in this group any more. Take it off the post.",
        field="profiles",
    )


def _empty(content: Content) -> list[DomainError]:
    texts = [content.text]
    for variation in content.variations:
        texts += [variation.text or "", *_follow_ups(variation)]
    if content.media or any(text.strip() for text in texts):
        return []
    message = "Write something or add a file, then save the draft."
    return [DomainError("empty", message, field="text")]


def _unready(
    content: Content, material: Material, going: frozenset[UUID]
) -> list[DomainError]:
    if not content.variations:
        message = "Choose at least one profile."
        return [DomainError("profile_missing", message, field="profiles")]
    troubles = [
        DomainError("not_connected", trouble, field="profiles")
        for part in material.parts
        if part.profile.pk not in going
        and not part.by_hand
        and (trouble := connection_trouble(part.profile))
    ]
    found = [f for f in findings(material.parts) if _blocks(f, going)]
    return troubles + [f.error() for f in found]


def _blocks(found: Finding, going: frozenset[UUID]) -> bool:
    of_sign_in = found.problem.code == following.CODE
    return found.problem.blocking or (of_sign_in and found.part.profile.pk not in going)


def _too_many(
    material: Material, slot: Slot, going: frozenset[UUID]
) -> Iterator[DomainError]:
    """R-F5: the post too many is told now, not refused at its time."""
    if slot.instant is None:
        return
    for part in material.parts:
        if part.profile.pk in going:
            continue
        words = allowance.trouble(part.profile, slot.instant)
        if words:
            yield DomainError("plan_posts", words, field="wall_at")
        words = quotas.trouble(part.profile, part.adapter, slot.instant)
        if words and not part.by_hand:
            yield DomainError("quota", words, field="wall_at")


def _distinct(errors: list[DomainError]) -> list[DomainError]:
    """Two profiles of one platform say the same thing once."""
    kept = {(e.code, e.message, e.field): e for e in errors}
    return list(kept.values())
