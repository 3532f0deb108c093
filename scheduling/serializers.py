"""The API's shapes: what comes in, and a post with its story going out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.errors import DomainError, DomainErrors
from scheduling import lateness, parts, standing, story, summary
from scheduling.content import Content, Late, Mode, Variation, When, clean
from scheduling.models import Post, Target
from scheduling.queries import shown
from scheduling.states import PublishBy, TargetState
from scheduling.times import to_wall

MAX_OPTIONS = 50


class VariationInput(serializers.Serializer[Any]):
    profile_id = serializers.UUIDField()
    text = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, trim_whitespace=False
    )
    kind = serializers.CharField(required=False, allow_blank=True, max_length=32)
    options = serializers.DictField(required=False)
    publish_by = serializers.ChoiceField(
        choices=[PublishBy.AUTO, PublishBy.REMINDER], required=False
    )

    def validate_options(self, value: dict[str, Any]) -> dict[str, Any]:
        if len(value) > MAX_OPTIONS:
            raise serializers.ValidationError("Too many options.")
        if "follow_ups" not in value:
            return value
        texts = value["follow_ups"]
        if not isinstance(texts, list) or not all(isinstance(t, str) for t in texts):
            raise serializers.ValidationError("follow_ups must be a list of texts.")
        return {**value, "follow_ups": [clean(text) for text in texts]}


class PostFields(serializers.Serializer[Any]):
    """`wall_at` is clock time in `zone`, which is the group's unless another is named.

    `late_rule` is "", "send", "ask" or "drop"; `late_min` null: as usual (R-F8).
    """

    text = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False
    )
    variations = VariationInput(many=True, required=False)
    media = serializers.ListField(child=serializers.UUIDField(), required=False)
    mode = serializers.ChoiceField(choices=list(Mode), required=False)
    wall_at = serializers.CharField(required=False, allow_blank=True)
    zone = serializers.CharField(required=False, allow_blank=True)
    late_rule = serializers.CharField(required=False, allow_blank=True, max_length=16)
    late_min = serializers.IntegerField(required=False, allow_null=True)


class PostInput(PostFields):
    """`key` is the caller's own id of the post: sent twice, it is made once."""

    mode = serializers.ChoiceField(choices=list(Mode))
    key = serializers.UUIDField(required=False, allow_null=True, default=None)


class PostEdit(PostFields):
    version = serializers.IntegerField(min_value=1)


class Move(serializers.Serializer[Any]):
    wall_at = serializers.CharField()


class Resume(serializers.Serializer[Any]):
    plan = serializers.CharField(required=False, default="now", max_length=16)


class Decision(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=["out", "again"])
    link = serializers.CharField(required=False, allow_blank=True, default="")


class Posted(serializers.Serializer[Any]):
    link = serializers.CharField(required=False, allow_blank=True, default="")


def read(kind: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """Validated data; raises DomainErrors in the one shape that all refusals have."""
    serializer = kind(data=data)
    if serializer.is_valid():
        return dict(serializer.validated_data)
    raise DomainErrors(list(_errors("", serializer.errors)))


def _errors(path: str, found: Any) -> list[DomainError]:
    """DRF's nested errors, flat: `variations.0.kind` names where each belongs."""
    if isinstance(found, dict):
        pairs = [(str(key), value) for key, value in found.items()]
    elif all(isinstance(entry, str) for entry in found):
        return [
            DomainError(getattr(entry, "code", "invalid"), str(entry), field=path)
            for entry in found
        ]
    else:
        pairs = [(str(index), value) for index, value in enumerate(found)]
    errors: list[DomainError] = []
    for key, value in pairs:
        inner = "" if key == "non_field_errors" else key
        errors += _errors(".".join(filter(None, (path, inner))), value)
    return errors


def as_input(post: Post) -> dict[str, Any]:
    """A post in the shape that `content_of` and `when_of` read."""
    targets = [t for t in post.targets.all() if t.editable]
    draft = all(target.state == TargetState.DRAFT for target in targets)
    zone = post.zone or post.group.timezone
    return {
        "text": post.text,
        "variations": [
            {
                "profile_id": target.profile_id,
                "text": target.text,
                "kind": target.kind,
                "options": target.options,
                "publish_by": target.publish_by,
            }
            for target in targets
        ],
        "media": [row.item_id for row in post.attachments.all()],
        "mode": Mode.DRAFT if draft else Mode.SCHEDULE,
        "wall_at": to_wall(post.scheduled_at, zone) if post.scheduled_at else "",
        "zone": zone,
        "late_rule": post.late_rule,
        "late_min": post.late_min,
    }


def content_of(data: dict[str, Any]) -> Content:
    return Content(
        text=clean(data.get("text", "")),
        variations=_distinct(data.get("variations", [])),
        media=tuple(data.get("media", [])),
    )


def _distinct(rows: list[dict[str, Any]]) -> tuple[Variation, ...]:
    """One variation a profile: the last one named counts."""
    found = {row["profile_id"]: row for row in rows}
    return tuple(_variation(row) for row in found.values())


def _variation(row: dict[str, Any]) -> Variation:
    text = row.get("text")
    return Variation(
        profile_id=row["profile_id"],
        text=None if text is None else clean(text),
        kind=row.get("kind", ""),
        options=row.get("options"),
        publish_by=row.get("publish_by", ""),
    )


def when_of(data: dict[str, Any], zone: str) -> When:
    late = Late(data.get("late_rule", ""), data.get("late_min"))
    zone = data.get("zone") or zone
    return When(Mode(data["mode"]), data.get("wall_at", ""), zone, late)


def as_json(post: Post, *, with_story: bool = False) -> dict[str, Any]:
    """Times are UTC instants; `wall_at` is the same on the clock of `zone`."""
    targets = shown(post)
    zone = post.zone or post.group.timezone
    found = summary.summarise(standing.of(target) for target in targets)
    return {
        "id": str(post.pk),
        "group": str(post.group_id),
        "version": post.version,
        "state": found.state.value,
        "state_word": found.word,
        "text": post.text,
        "media": [str(row.item_id) for row in post.attachments.all()],
        "scheduled_at": post.scheduled_at,
        "wall_at": to_wall(post.scheduled_at, zone) if post.scheduled_at else "",
        "zone": zone,
        "late_rule": post.late_rule,
        "late_min": post.late_min,
        "created_at": post.created_at,
        "edited_at": post.edited_at,
        "targets": [_target(post, target, with_story) for target in targets],
    }


def _target(post: Post, target: Target, with_story: bool) -> dict[str, Any]:
    target.post = post
    rule = lateness.rule_of(target)
    moments = story.of_target(post, target) if with_story else []
    told = {"story": [_moment(moment) for moment in moments]}
    return {
        "id": str(target.pk),
        "profile_id": str(target.profile_id),
        "platform": target.profile.platform,
        "kind": target.kind,
        "text": target.text,
        "options": target.options,
        "publish_by": target.publish_by,
        "state": target.state,
        "at_risk": standing.at_risk(target),
        "due_at": target.due_at,
        "next_at": target.next_at,
        "published_at": target.published_at,
        "permalink": target.permalink,
        "parts": [_part(part) for part in parts.of_target(target)],
        "late": {"rule": rule.act.value, "minutes": rule.minutes},
        "reason": _reason(target),
        **(told if with_story else {}),
    }


def _part(part: parts.Part) -> dict[str, Any]:
    """Of a thread, or of a post with a comment: text, address, whether it is out."""
    return {"text": part.text, "permalink": part.url, "out": part.out}


def _reason(target: Target) -> dict[str, str] | None:
    if not target.reason:
        return None
    return {
        "code": target.reason_code,
        "message": target.reason,
        "field": target.reason_field,
        "details": target.details,
    }


def _moment(moment: story.Moment) -> dict[str, Any]:
    return {
        "at": moment.at,
        "title": moment.title,
        "text": moment.text,
        "by": moment.by,
        "http_status": moment.http_status,
        "request_id": moment.request_id,
        "details": moment.details,
        "duration_ms": moment.duration_ms,
        "times": moment.times,
    }
