"""All parts of the matrix at once, as the benchmark counts them."""

from __future__ import annotations

from tests.safety.matrix import staff
from tests.safety.matrix.doors import TABLE
from tests.safety.matrix.forgery import without_token
from tests.safety.matrix.people import everybody
from tests.safety.matrix.report import Report
from tests.safety.matrix.swaps import foreign_ids
from tests.safety.matrix.walk import people_at_doors, undeclared
from tests.safety.matrix.world import build


def everything() -> Report:
    world = build()
    visitors = everybody(world)
    report = people_at_doors(TABLE, visitors, world)
    report.add(undeclared(TABLE, visitors))
    report.add(foreign_ids(TABLE, visitors, world))
    report.add(without_token(TABLE, visitors, world))
    report.add(staff.in_the_admin(staff.who_come(visitors, world.ours), world))
    return report
