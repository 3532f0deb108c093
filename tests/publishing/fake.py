"""A platform whose every answer a test decides; the engine can't tell it apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from platforms.adapter import Adapter, Facts
from platforms.limits import Limits, TextLimit
from platforms.types import (
    Absent,
    FollowUp,
    Job,
    Journal,
    Method,
    Pending,
    Permission,
    PostKind,
    Prepared,
    Published,
    Waiting,
)

Answer = Any


@dataclass
class Script:
    """What each hook answers next; an exception is raised, a callable is called."""

    prepare: list[Answer] = field(default_factory=list)
    send: list[Answer] = field(default_factory=list)
    check: list[Answer] = field(default_factory=list)
    find: list[Answer] = field(default_factory=list)
    permalink: list[Answer] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)

    def answer(self, hook: str, default: Answer, *args: Any) -> Answer:
        self.calls.append(hook)
        queue: list[Answer] = getattr(self, hook)
        found = queue.pop(0) if queue else default
        if isinstance(found, BaseException):
            raise found
        return found(*args) if callable(found) else found


SCRIPT = Script()


class Fake(Adapter):
    key, name, icon = "fake", "Fakebook", "rss"
    facts = Facts("any", "any", "for ever")
    methods = (Method("test", "A test", "form"),)
    kinds = (PostKind("text", "Post", needs_text=True),)
    limits = Limits(TextLimit(500), date(2026, 11, 21), "a test")
    follow_up = FollowUp("Comment", TextLimit(100), most=3)

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return (
            Permission("write", "To publish.", "publish"),
            Permission("insights", "To count.", "analytics"),
        )

    def prepare(self, job: Job, journal: Journal) -> Prepared | Waiting:
        found = SCRIPT.answer("prepare", None, job, journal)
        return found or Prepared({"text": job.draft.text})

    def send(self, job: Job, prepared: Prepared) -> Published | Pending:
        answer = SCRIPT.answer("send", Published("r1", "https://fake.test/r1"), job)
        SCRIPT.accepted.append(job.key)
        return answer

    def check(self, job: Job, handle: str) -> Published | Pending:
        return SCRIPT.answer("check", Published("r1", "https://fake.test/r1"), job)

    def find(
        self, job: Job, prepared: Prepared, since: datetime
    ) -> Published | Pending | Absent:
        return SCRIPT.answer("find", Absent(certain=False), job)

    def permalink(self, job: Job, remote_id: str) -> str:
        return SCRIPT.answer("permalink", "https://fake.test/late", job)
