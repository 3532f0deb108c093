"""What the owner reads under Settings, Plan: use against bounds, and what plans have."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from accounts.entitlements import Use, bound, plan_of, use_of
from accounts.models import Account
from accounts.plans import NEEDS, PLANS, Plan, Resource
from billing import door
from billing.models import Status, Subscription

_LABELS = {
    Resource.GROUPS: "Access Groups",
    Resource.SETS: "Social Sets",
    Resource.PEOPLE: "People, with invitations",
    Resource.STORAGE: "Media",
    Resource.POSTS: "Posts this month, busiest profile",
}


@dataclass(frozen=True)
class Meter:
    label: str
    use: Use


@dataclass(frozen=True)
class Offer:
    """A plan in a column: `can_buy` at Stripe, `now` the account's own."""

    plan: Plan
    now: bool
    can_buy: bool
    cells: list[str]


@dataclass(frozen=True)
class PlanPage:
    account: Account
    plan: Plan
    meters: list[Meter]
    rows: list[str]
    offers: list[Offer]
    billing: bool
    subscription: Subscription | None

    @property
    def manages(self) -> bool:
        """Something was bought, so there is something to look after."""
        return self.billing and bool(
            self.subscription and self.subscription.customer_id
        )

    @property
    def trouble(self) -> bool:
        held = self.subscription
        return held is not None and held.status == Status.PAST_DUE

    @property
    def over(self) -> list[str]:
        """What is more than the plan has: it stays, and nothing new is made."""
        return [m.label.lower() for m in self.meters if m.use.over]


def of_account(account: Account) -> PlanPage:
    plan = plan_of(account)
    held = Subscription.objects.filter(account=account).first()
    billing = door.enabled()
    return PlanPage(
        account=account,
        plan=plan,
        meters=[
            Meter(label, use)
            for resource, label in _LABELS.items()
            if (use := use_of(account, resource)) is not None
        ],
        rows=_rows(),
        offers=_offers(plan, held) if billing else [],
        billing=billing,
        subscription=held,
    )


def _offers(plan: Plan, held: Subscription | None) -> list[Offer]:
    free = PLANS[settings.DEFAULT_PLAN]
    shown = [free, *(PLANS[key] for key in settings.STRIPE_PRICES)]
    buys = held is None or not held.live
    return [
        Offer(
            plan=each,
            now=each == plan,
            can_buy=buys and each != plan and each.key in settings.STRIPE_PRICES,
            cells=_cells(each),
        )
        for each in dict.fromkeys(shown)
    ]


def _rows() -> list[str]:
    names = ("Access Groups", "Social Sets", "People", "Posts a month on a profile")
    return [*names, "Media", *NEEDS.values()]


def _cells(plan: Plan) -> list[str]:
    order = (Resource.GROUPS, Resource.SETS, Resource.PEOPLE, Resource.POSTS)
    found = [_bare(plan, resource) for resource in order]
    storage = plan.storage
    found.append("No bound" if storage is None else bound(Resource.STORAGE, storage))
    auto = ("Auto Publish" if plan.covers(each) else "Reminders" for each in NEEDS)
    return [*found, *auto]


def _bare(plan: Plan, resource: Resource) -> str:
    most = plan.most(resource)
    return "No bound" if most is None else f"{most:,}"
