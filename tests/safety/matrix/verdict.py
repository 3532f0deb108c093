"""What was seen against what the table expects."""

from __future__ import annotations

from tests.safety.matrix.act import Act, Need
from tests.safety.matrix.people import Outcome
from tests.safety.matrix.watch import Seen

# An API and a form tell a refusal by these; a page by going back with a message.
REFUSALS = {400, 403, 409, 422}


def leak(act: Act, expected: Outcome, seen: Seen) -> str:
    """ "" when nothing was given to somebody who isn't let in."""
    if expected == Outcome.LET_IN:
        return ""
    if seen.wrote:
        return f"{expected}, but {seen}"
    fine = {
        Outcome.SIGN_IN: seen.signs_in or seen.status in (401, 403),
        Outcome.NOT_THERE: seen.status == (302 if act.hushed else 404),
        Outcome.REFUSED: seen.status in REFUSALS
        or (seen.status == 302 and seen.refused),
    }
    return "" if fine[expected] else f"{expected}, but {seen}"


def fault(act: Act, expected: Outcome, seen: Seen) -> str:
    """ "" when who is let in gets what was asked for, and nobody gets a 500."""
    if seen.status >= 500 and seen.status not in act.statuses:
        return str(seen)
    if expected != Outcome.LET_IN:
        return ""
    if seen.status in act.statuses:
        return ""
    sent_away = seen.signs_in and act.need != Need.NOTHING
    if sent_away or seen.refused or seen.status >= 400:
        return f"{expected}, but {seen}"
    return _effect(act, seen)


def _effect(act: Act, seen: Seen) -> str:
    if act.varied:
        return ""
    quiet = act.idle or (act.safe and not act.writes)
    if quiet and seen.wrote:
        return f"changes nothing, but {seen}"
    if not quiet and not seen.wrote:
        return f"is valid and changes something, but {seen}"
    return ""
