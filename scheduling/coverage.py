"""Whether we post it or remind a person: by choice, and by the account's plan (R-B7).

Adapters say what a kind of post needs, plans say what they include; both are data.
"""

from __future__ import annotations

from accounts.entitlements import plan_of
from accounts.models import Account
from accounts.plans import covering
from platforms import registry
from platforms.adapter import Adapter
from scheduling.models import Target
from scheduling.states import PublishBy

CODE = "plan"


def by_hand(target: Target) -> bool:
    return target.publish_by != PublishBy.AUTO


def uncovered(account: Account, adapter: Adapter | type[Adapter], kind: str) -> str:
    """Why the plan doesn't Auto Publish this kind, in a sentence; "" if it does."""
    found = next((each for each in adapter.kinds if each.key == kind), None)
    plan = plan_of(account)
    if found is None or plan.covers(found.needs):
        return ""
    what = f"{adapter.name} {_plural(found.label.lower())}"
    return (
        f"The {plan.name} plan doesn't Auto Publish {what}: that needs the "
        f"{covering(found.needs)} plan or a larger one."
    )


def _plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def trouble(target: Target) -> str:
    """As `uncovered`, of a target that we would post; of a thread that is out in part
    the rest follows whatever the plan."""
    if by_hand(target) or target.parts_out:
        return ""
    adapter = registry.adapter_class(target.profile.platform)
    return uncovered(target.post.group.account, adapter, target.kind)


def needing(account: Account) -> dict[str, list[str]]:
    """Platform → its kinds of post that the account's plan doesn't Auto Publish."""
    plan = plan_of(account)
    found = {
        adapter.key: [k.key for k in adapter.kinds if not plan.covers(k.needs)]
        for adapter in registry.publishing()
    }
    return {platform: kinds for platform, kinds in found.items() if kinds}
