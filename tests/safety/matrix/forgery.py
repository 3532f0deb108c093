"""Cross-site requests: the owner's browser sends a form that another site made."""

from __future__ import annotations

from collections.abc import Mapping

from tests.safety.matrix.act import Door
from tests.safety.matrix.people import Visitor
from tests.safety.matrix.report import Report
from tests.safety.matrix.request import Request
from tests.safety.matrix.walk import in_order
from tests.safety.matrix.watch import ask
from tests.safety.matrix.world import World

# Platforms have no session here: their signature is the proof.
SIGNED = "hooks/"


def without_token(
    table: Mapping[str, Door], visitors: list[Visitor], world: World
) -> Report:
    report = Report()
    owner = next(each for each in visitors if each.role == "owner")
    for route, act in in_order(table):
        if act.safe or route.startswith(SIGNED):
            continue
        report.pairs += 1
        client = owner.client(forgery=True)
        seen = ask(client, Request.to(route, act, world.ours))
        if seen.status != 403 or seen.wrote:
            report.leaks.append(f"{act.method} {route} from another site: {seen}")
    return report
