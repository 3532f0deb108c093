"""Graph API refusals as ours, by code and subcode; texts are localised, so never read.

https://developers.facebook.com/docs/graph-api/guides/error-handling (2026-11-21).
HTTP status is mostly 400, even for trouble of Meta's own, and sometimes 200.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.http import BadReply, Reply
from core.redact import redact
from platforms.client import bounded, json_of, lost
from platforms.errors import OutcomeUnknown, PlatformError, Rejected
from platforms.faults import HOUR_S, Fault
from platforms.meta.usage import free_at

# (code, subcode); 0 stands for any.
Table = Mapping[tuple[int, int], Fault]

_SIGN_IN = "Sign in again to go on publishing."
_SLOW = "{name} asks us to slow down."
_PERMISSION = "{name} no longer allows this. Review the permissions of this profile."
_OUTAGE = "{name} has trouble of its own right now."

COMMON: Table = {
    (1, 0): Fault("outage", _OUTAGE, unsure=True),
    (2, 0): Fault("outage", _OUTAGE, unsure=True),
    (3, 0): Fault("permission", _PERMISSION),
    (4, 0): Fault("limited", _SLOW, scope="app"),
    (10, 0): Fault("permission", _PERMISSION),
    (17, 0): Fault("limited", _SLOW),
    (32, 0): Fault("limited", _SLOW),
    (100, 0): Fault("rejected", "{name} didn't accept this post as we sent it."),
    (100, 33): Fault(
        "reconnect",
        "{name} no longer shows us this profile. " + _SIGN_IN,
        unsure=True,
    ),
    (102, 0): Fault("reconnect", "The {name} sign-in has ended. " + _SIGN_IN),
    (190, 0): Fault("reconnect", "The {name} sign-in is no longer valid. " + _SIGN_IN),
    (190, 458): Fault(
        "reconnect", "Our access was removed in the {name} settings. " + _SIGN_IN
    ),
    (190, 459): Fault(
        "reconnect",
        "{name} wants the account's owner to confirm something in its own app first.",
    ),
    (190, 460): Fault("reconnect", "The {name} password was changed. " + _SIGN_IN),
    (190, 463): Fault("reconnect", "The {name} sign-in has expired. " + _SIGN_IN),
    (190, 464): Fault(
        "reconnect",
        "{name} wants the account's owner to confirm something in its own app first.",
    ),
    (190, 467): Fault(
        "reconnect", "The {name} sign-in is no longer valid. " + _SIGN_IN
    ),
    (190, 492): Fault(
        "reconnect",
        "The person who connected this profile has no role on its Page any more.",
    ),
    (341, 0): Fault("limited", _SLOW),
    (368, 0): Fault(
        "limited",
        "{name} has blocked publishing for this account for a while.",
        pause_s=6 * HOUR_S,
    ),
    (506, 0): Fault(
        "rejected", "{name} says this repeats an earlier post.", "text", unsure=True
    ),
    (613, 0): Fault("limited", _SLOW),
    (80001, 0): Fault("limited", _SLOW),
    (80002, 0): Fault("limited", _SLOW),
}
PERMISSION_CODES = range(200, 300)


@dataclass(frozen=True)
class GraphError:
    """The `error` object of an answer."""

    code: int
    subcode: int
    words: str
    said: str
    transient: bool
    trace: str

    @property
    def key(self) -> str:
        return f"{self.code}/{self.subcode}" if self.subcode else str(self.code)


@dataclass(frozen=True)
class Judge:
    """Turns answers of one platform into values or errors.

    `needs` are the permissions a refusal for want of one is about.
    """

    name: str
    table: Table
    needs: tuple[str, ...] = ()

    def value_of(self, reply: Reply, *, mutating: bool = False) -> Any:
        """The JSON of a good answer; raises what any other answer means."""
        error = error_in(reply)
        if error is not None:
            raise self.meaning(error, reply, mutating)
        if not reply.ok:
            raise self._by_status(reply, mutating)
        return json_of(reply, self.name, mutating=mutating)

    def fault(self, code: int, subcode: int) -> Fault | None:
        for key in ((code, subcode), (0, subcode), (code, 0)):
            found = self.table.get(key) or COMMON.get(key)
            if found is not None:
                return found
        if code in PERMISSION_CODES:
            return Fault("permission", _PERMISSION)
        return None

    def meaning(self, error: GraphError, reply: Reply, mutating: bool) -> PlatformError:
        facts = {
            "status": reply.status,
            "code": error.key,
            "details": error.said,
            "request_id": error.trace,
        }
        fault = self.fault(error.code, error.subcode)
        if fault is None:
            return self._unknown(error, reply, mutating, facts)
        if mutating and fault.unsure:
            return self._unsure(fault, reply, facts)
        return self.error(fault, reply, facts)

    def error(
        self, fault: Fault, reply: Reply, facts: Mapping[str, Any]
    ) -> PlatformError:
        until = bounded(free_at(reply, otherwise_s=fault.pause_s))
        return fault.error(self.name, self.needs, until, facts)

    def _unsure(
        self, fault: Fault, reply: Reply, facts: Mapping[str, Any]
    ) -> OutcomeUnknown:
        until = None
        if fault.kind == "limited":
            until = bounded(free_at(reply, otherwise_s=fault.pause_s))
        return OutcomeUnknown(
            f"{self.name} didn't confirm. We are checking whether it went out.",
            until,
            **facts,
        )

    def _unknown(
        self, error: GraphError, reply: Reply, mutating: bool, facts: Mapping[str, Any]
    ) -> PlatformError:
        """A code nobody told us of: after a publishing call, nothing is certain."""
        if mutating or error.transient or reply.status >= 500:
            unclear = lost(self.name, mutating, error.said, reply.status)
            unclear.code, unclear.request_id = error.key, error.trace
            return unclear
        words = error.words or f"{self.name} refused this without a reason we know."
        return Rejected(words, **facts)

    def _by_status(self, reply: Reply, mutating: bool) -> PlatformError:
        """Not Meta's envelope: something between Meta and us answered, or an outage."""
        facts = {"status": reply.status, "details": reply.excerpt()}
        kinds: dict[int, Fault] = {
            401: COMMON[190, 0],
            403: COMMON[10, 0],
            429: COMMON[17, 0],
        }
        if reply.status in kinds:
            return self.error(kinds[reply.status], reply, facts)
        return lost(self.name, mutating, reply.excerpt(), reply.status)


def error_in(reply: Reply) -> GraphError | None:
    """The answer's `error` object, which may come with any HTTP status."""
    try:
        body = reply.json()
    except BadReply:
        return None
    found = body.get("error") if isinstance(body, dict) else None
    if not isinstance(found, dict):
        return None
    return GraphError(
        code=_number(found.get("code")),
        subcode=_number(found.get("error_subcode")),
        words=redact(str(found.get("error_user_msg") or ""), limit=300),
        said=redact(str(found.get("message") or ""), limit=500),
        transient=found.get("is_transient") is True,
        trace=str(found.get("fbtrace_id") or "")[:128],
    )


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
