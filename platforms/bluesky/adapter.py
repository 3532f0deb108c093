"""Bluesky: from a handle to a public post. Facts: docs/platforms/bluesky.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from core.http import Http
from platforms.adapter import Adapter, Credentials, Facts
from platforms.bluesky import api, clients, oauth, records, richtext, sessions
from platforms.bluesky.clients import Keys
from platforms.bluesky.errors import BLOB_NOT_FOUND, RECORD_NOT_FOUND
from platforms.bluesky.facts import FACTS, KINDS, METHODS, PERMISSIONS
from platforms.bluesky.identity import Directory, Places
from platforms.bluesky.limits import LIMITS, THREAD
from platforms.bluesky.preparing import Preparation, with_files_again
from platforms.bluesky.signin import SignIn
from platforms.bluesky.wire import Json, Wire, Xrpc
from platforms.errors import AuthExpired, Rejected
from platforms.limits import Limits
from platforms.types import (
    Absent,
    Draft,
    FollowUp,
    Grant,
    Job,
    Journal,
    Method,
    Permission,
    PostKind,
    Prepared,
    Problem,
    Profile,
    Published,
    Redirect,
    Token,
    Visit,
    Waiting,
)


class Bluesky(Adapter):
    key: ClassVar[str] = "bluesky"
    name: ClassVar[str] = "Bluesky"
    icon: ClassVar[str] = "bluesky"
    facts: ClassVar[Facts] = FACTS
    methods: ClassVar[tuple[Method, ...]] = METHODS
    kinds: ClassVar[tuple[PostKind, ...]] = KINDS
    limits: ClassVar[Limits] = LIMITS
    follow_up: ClassVar[FollowUp | None] = THREAD
    refresh_ahead: ClassVar[timedelta | None] = timedelta(minutes=15)
    used_up: ClassVar[Mapping[str, timedelta]] = {
        oauth.METHOD: timedelta(0),
        sessions.METHOD: sessions.OLD_RENEWS_FOR,
    }
    # Files may have to be uploaded once more on the way. Who overruns it does no harm:
    # the key decides, not the lease.
    longest_send_s: ClassVar[float] = 120.0
    can_find: ClassVar[bool] = True

    def __init__(self, credentials: Credentials, http: Http | None = None) -> None:
        super().__init__(credentials, http)
        self.wire = Wire(self.http)
        self.directory = Directory(self.wire, Places.of(credentials))
        self.keys = Keys(credentials.get("BLUESKY_PRIVATE_KEY"))
        self.sign_in = SignIn(self.wire, self.directory, self.keys)

    # Declared data

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return PERMISSIONS[method]

    def documents(self, base_url: str, redirect_uri: str) -> Mapping[str, Any]:
        return clients.documents(base_url, redirect_uri, self.keys)

    # Composing

    def problems(self, draft: Draft, profile: Profile) -> tuple[Problem, ...]:
        """Counted is what will be shown: shortened links."""
        shown = replace(draft, text=richtext.visible(draft.text))
        options = records.Options.of(draft.options)
        return (*super().problems(shown, profile), *options.problems())

    # Connecting

    def begin(self, visit: Visit) -> Redirect | Grant:
        if visit.method == sessions.METHOD:
            return self.sign_in.with_app_password(visit.inputs)
        return self.sign_in.begin(visit)

    def finish(
        self, visit: Visit, secret: Mapping[str, str], query: Mapping[str, str]
    ) -> Grant:
        return self.sign_in.finish(visit, secret, query)

    def refresh(self, token: Token, profile: Profile) -> Token:
        """OutcomeUnknown: OAuth's answer was lost, and most likely the session."""
        if sessions.is_oauth(token):
            return oauth.refresh(self.wire, token, self.keys, profile.external_id)
        return sessions.refresh(self.wire, token, profile.external_id)

    def revoke(self, token: Token, profile: Profile) -> None:
        """A session that has ended already needs no ending."""
        try:
            if sessions.is_oauth(token):
                oauth.revoke(self.wire, token, self.keys)
            else:
                sessions.close(self.wire, token)
        except AuthExpired:
            return

    # Publishing

    def server(self, job: Job) -> str:
        return job.token.extra.get("pds", "")

    def prepare(self, job: Job, journal: Journal) -> Prepared | Waiting:
        server = sessions.signed(self.wire, job.token)
        return Preparation(server, self.directory, job, journal).run()

    def send(self, job: Job, prepared: Prepared) -> Published:
        server = sessions.signed(self.wire, job.token)
        rkey, record = prepared.data["rkey"], prepared.data["record"]
        try:
            return self._write(server, job, rkey, record)
        except Rejected as refused:
            if refused.code != BLOB_NOT_FOUND or "embed" not in record:
                raise
        record = with_files_again(server, job.draft.media, record)
        return self._write(server, job, rkey, record)

    def find(self, job: Job, prepared: Prepared, since: datetime) -> Published | Absent:
        """Needs no rights: records are public, and ours has the key we chose."""
        did, rkey = job.profile.external_id, prepared.data.get("rkey")
        if not rkey:
            return Absent(certain=False)
        server = Xrpc(self.wire, sessions.server_of(job.token))
        try:
            found = api.ref(api.get_record(server, did, rkey))
        except Rejected as refused:
            return Absent(certain=refused.code == RECORD_NOT_FOUND)
        return _published(found)

    def permalink(self, job: Job, remote_id: str) -> str:
        return records.permalink(remote_id)

    def _write(self, server: Xrpc, job: Job, rkey: str, record: Json) -> Published:
        """Under the same key nothing is published twice, whichever way is allowed."""
        write = (
            api.put_record if sessions.may_overwrite(job.token) else api.create_record
        )
        return _published(write(server, job.profile.external_id, rkey, record))


def _published(found: api.Ref) -> Published:
    return Published(found["uri"], records.permalink(found["uri"]), found)
