"""What platforms send us by themselves: somebody took our access away over there.

An adapter declares the addresses it answers at and reads what comes; who is meant and
what follows is decided above, in the same way for all.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from platforms import clock

# No clock of a platform is further ahead of ours.
AHEAD_S = 300.0


class Forged(Exception):
    """Not the platform's: unsigned, wrongly signed, too old, or without sense."""


@dataclass(frozen=True)
class Callback:
    """Answers at `hooks/<platform>/<name>/`. `label`: its field at the platform.

    `credentials`: settings it can't be verified without. `receipt`: the answer tells
    where the person can follow the erasure of their data. `greets`: the platform asks
    by GET, once, whether the address is ours.
    """

    name: str
    label: str
    credentials: tuple[str, ...]
    receipt: bool = False
    greets: bool = False


@dataclass(frozen=True)
class Delivery:
    """A request as it came; `headers` know names in any case."""

    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Withdrawal:
    """Access to everything that fits one of `whose` has ended at the platform.

    Each of them is a set of facts that must all fit: `external_id`, else names in what
    the adapter kept with the profile. `erase`: the person also wants their data gone.
    """

    platforms: tuple[str, ...]
    whose: tuple[Mapping[str, str], ...]
    at: datetime
    cause: str
    erase: bool = False


@dataclass(frozen=True)
class Doubt:
    """Rights of everything that fits one of `whose` may have changed: the platform is
    to be asked. Said too often, or by a recording, it costs a question."""

    platforms: tuple[str, ...]
    whose: tuple[Mapping[str, str], ...]


News: TypeAlias = Withdrawal | Doubt


def same(left: bytes, right: bytes) -> bool:
    """In a time that tells nothing of where they differ."""
    return hmac.compare_digest(left, right)


def moment(value: object, oldest_s: float) -> datetime:
    """Unix seconds of a signed text. Forged when it lies too far from now."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Forged("no time")
    age = clock.now().timestamp() - value
    if not -AHEAD_S <= age <= oldest_s:
        raise Forged("its time has passed")
    return clock.from_epoch(value)


def object_of(raw: bytes) -> dict[str, Any]:
    """The JSON object of a signed text. Forged when it is none."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise Forged("no JSON") from None
    if not isinstance(found, dict):
        raise Forged("no object")
    return found
