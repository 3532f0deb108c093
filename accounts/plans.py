"""What each plan gives: entitlements as data (R-B2, R-B7). No other module knows a number.

Plain Python: settings read the names, the billing reads which are for sale.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

GB = 1_000_000_000


class Resource(StrEnum):
    """What there is room for in a plan; each is counted by its own app."""

    GROUPS = "groups"
    SETS = "sets"
    PEOPLE = "people"
    STORAGE = "storage"
    POSTS = "posts"


@dataclass(frozen=True)
class Plan:
    """None: no bound. `posts` on one profile in a calendar month, `storage` in bytes,
    `history_days` that analytics look back; `includes` names what adapters ask for
    with `PostKind.needs`."""

    key: str
    name: str
    groups: int | None = None
    sets: int | None = None
    people: int | None = None
    posts: int | None = None
    storage: int | None = None
    history_days: int | None = None
    includes: frozenset[str] = frozenset()
    for_sale: bool = True

    def most(self, resource: Resource) -> int | None:
        found: int | None = getattr(self, resource)
        return found

    def covers(self, needs: str) -> bool:
        return not needs or needs in self.includes


# What a kind of post may need; a test compares it with what the adapters declare.
NEEDS = {"carousel": "Carousels", "story": "Stories"}
_ALL = frozenset(NEEDS)

_PLANS = (
    Plan("free", "Free", 1, 1, 1, 10, GB, 30, for_sale=False),
    Plan("starter", "Starter", 1, 2, 2, 60, 10 * GB, 90, _ALL),
    Plan("growth", "Growth", 3, 6, 6, 180, 100 * GB, 365, _ALL),
    Plan("agency", "Agency", 250, 500, 250, None, 1_000 * GB, 730, _ALL),
    Plan("unlimited", "Unlimited", includes=_ALL, for_sale=False),
)
PLANS = {plan.key: plan for plan in _PLANS}


def covering(needs: str) -> str:
    """The smallest plan that is for sale and includes it, by its name."""
    return next(p.name for p in _PLANS if p.for_sale and p.covers(needs))
