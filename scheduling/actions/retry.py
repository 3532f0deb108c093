from __future__ import annotations

from django.db import transaction

from accounts.actions import require_scheduler
from accounts.models import User
from core import clock
from core.errors import DomainError, DomainErrors
from platforms import registry
from scheduling import checks, drafts
from scheduling.actions.rows import lock, lock_targets, platform, rewrite, tell
from scheduling.models import EventKind, Post, Target
from scheduling.states import TargetState

RETRYABLE = frozenset({TargetState.FAILED, TargetState.MISSED, TargetState.HELD})


@transaction.atomic
def retry_target(*, actor: User, target: Target) -> Target:
    """Publish now what failed, was missed or held, unless it would fail again."""
    require_scheduler(actor, target.post.group)
    target = locked(target)
    if target.state not in RETRYABLE:
        raise DomainError(
            "not_retryable",
            "This has moved on meanwhile: there is nothing to try again.",
        )
    _refuse_hopeless(target)
    now = clock.now()
    rewrite(target, TargetState.SCHEDULED, due_at=now, next_at=now)
    answer_for(target.post, actor)
    words = f"Asked to try {platform(target)} again."
    tell(target.post, actor, EventKind.RETRIED, words, target)
    return target


def locked(target: Target) -> Target:
    """The row as it is now; the post is locked first, as everywhere."""
    post = lock(target.post)
    found = next((row for row in lock_targets(post) if row.pk == target.pk), None)
    if found is None:
        raise DomainError("deleted", "This was deleted meanwhile.")
    found.post = post
    return found


def answer_for(post: Post, actor: User) -> None:
    """The rights of whoever asks for the publication count at its time (R-F2)."""
    post.author = actor
    post.version += 1
    post.save(update_fields=["author", "version"])


def _refuse_hopeless(target: Target) -> None:
    trouble = checks.connection_trouble(target.profile)
    if trouble:
        raise DomainError("not_connected", trouble, field="profiles")
    adapter = registry.get(target.profile.platform)
    draft = drafts.sketch_of(target)
    found = adapter.problems(draft, target.profile.for_platform())
    errors = [
        DomainError(problem.code, problem.message, field=problem.field)
        for problem in found
        if problem.blocking
    ]
    if errors:
        raise DomainErrors(errors)
