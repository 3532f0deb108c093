"""How much room an account's plan leaves: told on pages, held to in actions (R-B2).

What is counted belongs to apps above this one: they register a meter in `apps.ready`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from accounts.models import Account
from accounts.plans import GB, PLANS, Plan, Resource
from core.errors import DomainError

Meter = Callable[[Account], int]
meters: dict[Resource, Meter] = {}

_NOUNS = {
    Resource.GROUPS: ("Access Group", "Access Groups"),
    Resource.SETS: ("Social Set", "Social Sets"),
    Resource.PEOPLE: ("person", "people"),
    Resource.STORAGE: ("GB", "GB"),
    Resource.POSTS: ("post", "posts"),
}
_WAYS_OUT = {
    Resource.GROUPS: "Use one of those you have",
    Resource.SETS: "Delete one that is empty",
    Resource.PEOPLE: "Remove somebody or take an invitation back",
    Resource.STORAGE: "Delete files that no post needs",
}


@dataclass(frozen=True)
class Use:
    """Of a resource that is bounded: how much is in use, and the most there can be."""

    resource: Resource
    used: int
    most: int

    @property
    def full(self) -> bool:
        return self.used >= self.most

    @property
    def over(self) -> bool:
        """More than there is room for: it came from a larger plan, and stays."""
        return self.used > self.most

    @property
    def words(self) -> str:
        """Such as "2 of 3 Social Sets" or "0.4 of 10 GB"."""
        return (
            f"{amount(self.resource, self.used)} of {bound(self.resource, self.most)}"
        )


def register_meter(resource: Resource, meter: Meter) -> None:
    meters[resource] = meter


def plan_of(account: Account) -> Plan:
    """Its own; without one, or with one that is no more, what the operator gives all."""
    return PLANS.get(account.plan) or PLANS[settings.DEFAULT_PLAN]


def use_of(account: Account, resource: Resource) -> Use | None:
    """None where the plan sets no bound; then nothing is counted."""
    most = plan_of(account).most(resource)
    return None if most is None else Use(resource, meters[resource](account), most)


def require_room(account: Account, resource: Resource, adding: int = 1) -> None:
    """Raises DomainError when `adding` more don't fit. Call it inside a transaction.

    The account's row is held until that ends: of two who take the last place at once
    the second counts what the first has made.
    """
    if plan_of(account).most(resource) is None:
        return
    rows = Account.objects.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("owner").get(pk=account.pk)
    use = use_of(held, resource)
    if use is not None and use.used + adding > use.most:
        raise DomainError(f"plan_{resource}", _refused(held, use))


def _refused(account: Account, use: Use) -> str:
    name = plan_of(account).name
    return (
        f"The {name} plan has room for {bound(use.resource, use.most)}, and "
        f"{amount(use.resource, use.used)} are in use. {_WAYS_OUT[use.resource]}, or "
        f"ask {account.owner} for a larger plan (Settings, Plan)."
    )


def amount(resource: Resource, number: int) -> str:
    """A bare number; bytes in GB, to a tenth where that says something."""
    if resource is not Resource.STORAGE:
        return f"{number:,}"
    size = number / GB
    return f"{size:,.0f}" if size == int(size) else f"{max(size, 0.1):,.1f}"


def bound(resource: Resource, number: int) -> str:
    """With its noun: "3 Social Sets", "10 GB"."""
    one, many = _NOUNS[resource]
    return f"{amount(resource, number)} {one if number == 1 else many}"
