"""What can go wrong at each foreign call, and the state that it must end in.

Nothing here knows a platform: the calls are learned from posts that go well, the kinds
of refusal are read from the tables in `platforms.<key>.errors`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from scheduling.states import TargetState as S

Rule = Mapping[str, Any]
Detail = dict[str, Any]

HTML = "<html><body>Bad gateway</body></html>"
RETRY_AFTER_S = 37
# Past the time-out for reading: `watch.SHORT_S`.
LATE = {"delay_ms": 600}


@dataclass(frozen=True)
class Fault:
    """`taken`: the platform acted on the call. `means`: what a hook may make of it.

    `rule` None: the connection is refused.
    """

    name: str
    rule: Rule | None
    means: tuple[type[PlatformError], ...]
    taken: bool = False


# Where an answer is lost, only a call that changes nothing is surely harmless.
LOST = (Unavailable, OutcomeUnknown)
REFUSED = (AuthExpired, PermissionMissing, Rejected, Unavailable, Unsupported)


def _both(name: str, **rule: Any) -> Iterator[Fault]:
    """Before and after the platform acted."""
    for taken in (False, True):
        full = {**rule, "accepted": taken}
        yield Fault(f"{name}, {'' if taken else 'not '}taken", full, LOST, taken)


FAULTS: tuple[Fault, ...] = (
    Fault("refused connection", None, (Unavailable,)),
    Fault("cut before", {"kind": "cut_before"}, LOST),
    Fault("cut after", {"kind": "cut_after"}, LOST, taken=True),
    *_both("time-out", kind="hang", **LATE),
    *_both("500", kind="error", status=500, body=HTML),
    *_both("503", kind="error", status=503, body=""),
    *_both("malformed", kind="malformed"),
    *_both("empty", kind="empty"),
    *_both("200 with an error", kind="error", status=200),
    Fault("slow body", {"kind": "slow_body", **LATE}, LOST, taken=True),
    Fault("429", {"kind": "rate_limited", "generic": True}, (RateLimited,)),
    Fault(
        "429 with Retry-After",
        {"kind": "rate_limited", "generic": True, "retry_after": RETRY_AFTER_S},
        (RateLimited,),
    ),
    Fault(
        "too many, in its own words",
        {"kind": "rate_limited", "retry_after": RETRY_AFTER_S},
        (RateLimited,),
    ),
    Fault("401", {"kind": "error", "status": 401, "body": {}}, REFUSED),
    Fault("403", {"kind": "error", "status": 403, "body": {}}, REFUSED),
    Fault("400", {"kind": "error", "status": 400, "body": {}}, (*REFUSED, *LOST)),
)
BY_NAME = {fault.name: fault for fault in FAULTS}


def documented(platform: str) -> list[Fault]:
    """A refusal of each kind that the platform's table knows, as it would be told."""
    module = import_module(f"platforms.{platform}.errors")
    found = [*_details(module), *_inherited(module)]
    details = [each for at, each in enumerate(found) if each not in found[:at]]
    assert details, f"platforms.{platform}.errors declares no table that is known here"
    return [
        Fault(
            f"400 {' '.join(map(str, detail.values()))}",
            {"kind": "error", "status": 400, "detail": detail},
            (*REFUSED, *LOST, RateLimited),
        )
        for detail in details
    ]


def _details(module: Any) -> Iterator[Detail]:
    for name in ("TABLE", "ROWS", "COMMENT_ROWS", "COMMON"):
        table = getattr(module, name, ())
        for key in table if isinstance(table, Mapping | Sequence) else ():
            yield _detail(key)


def _detail(key: Any) -> Detail:
    """In the words of the sandbox's `error` rule."""
    if isinstance(key, tuple):
        code, subcode = key
        # The code before a subcode is not asked for; 100 is the most frequent one.
        return {"code": code or 100, "subcode": subcode}
    if isinstance(key, str):
        return {"error": key}
    return {"description": f"Bad Request: {key.fragment}"}


def _inherited(module: Any) -> Iterator[Detail]:
    """Of a family's table, where the platform's own one builds upon it."""
    family = getattr(module, "Fault", None)
    if family is not None and family.__module__ != module.__name__:
        yield from _details(import_module(family.__module__))


# The one table: hook and error -> the states it may lead to, once it is committed.
# None: the hook made do without this call, or tried it again by itself.
BEFORE_SENDING: dict[type[PlatformError], frozenset[str]] = {
    Unavailable: frozenset({S.SCHEDULED}),
    OutcomeUnknown: frozenset({S.SCHEDULED}),
    # Failed when the platform's pause is longer than anybody wants to wait.
    RateLimited: frozenset({S.SCHEDULED, S.FAILED}),
    # Scheduled again when the sign-in could be renewed.
    AuthExpired: frozenset({S.SCHEDULED, S.HELD}),
    PermissionMissing: frozenset({S.HELD}),
    Rejected: frozenset({S.FAILED}),
    Unsupported: frozenset({S.FAILED}),
}
AFTER: dict[str, dict[type[PlatformError], frozenset[str]]] = {
    "prepare": BEFORE_SENDING,
    "send": {**BEFORE_SENDING, OutcomeUnknown: frozenset({S.UNCONFIRMED})},
    # Questions: whatever comes back, what was sent stays what it is.
    "check": dict.fromkeys(BEFORE_SENDING, frozenset({S.PROCESSING})),
    "find": dict.fromkeys(BEFORE_SENDING, frozenset({S.UNCONFIRMED})),
    "permalink": dict.fromkeys(BEFORE_SENDING, frozenset({S.PUBLISHED})),
}


# Where a post may rest for good; all but the first with a person told.
ENDS = frozenset({S.PUBLISHED, S.UNCONFIRMED, S.FAILED, S.HELD})


def states_after(hook: str, error: PlatformError) -> frozenset[str]:
    return AFTER[hook][type_of(error)]


def type_of(error: PlatformError) -> type[PlatformError]:
    """Of the closed list, for an adapter's own subclasses too."""
    return next(kind for kind in BEFORE_SENDING if isinstance(error, kind))
