"""A real Bluesky server (PDS) and its directory (PLC) as a process, and a JSON client.

Its packages are looked for in BLUESKY_PDS_DIR, else in .cache/bluesky-pds, where
`make test` installs them. Standard library only.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

from tests.support.sandbox import free_port

ROOT = Path(__file__).resolve().parents[2]
START = ROOT / "tests" / "bluesky_pds" / "start.js"
NODE_NEEDED = 20
STOP_WITHIN_S = 5.0
POSTS = "app.bsky.feed.post"

Json = dict[str, Any]


class PdsError(AssertionError):
    """The server refused; the text is its answer."""


@dataclass(frozen=True)
class Account:
    """A person at the server. `access` is a full session's token, for the tests."""

    did: str
    handle: str
    password: str
    access: str = field(repr=False)


def install_folder() -> Path:
    given = os.environ.get("BLUESKY_PDS_DIR")
    return Path(given) if given else ROOT / ".cache" / "bluesky-pds"


def missing() -> str:
    """Why the server can't run here because of Node, "" when it can."""
    node = shutil.which("node")
    if node is None:
        return f"Node {NODE_NEEDED} or newer is not installed"
    told = subprocess.run(
        [node, "--print", "process.versions.node"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    if int(told.split(".")[0]) < NODE_NEEDED:
        return f"Node {NODE_NEEDED} or newer is needed, this is {told}"
    return ""


class Pds:
    """`with Pds() as pds:` runs both servers on free ports, with an empty folder.

    `extra` is added to the environment of the process.
    """

    def __init__(self, extra: Mapping[str, str] | None = None) -> None:
        self.extra = dict(extra or {})
        self.port, self.plc_port = free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        self.plc = f"http://localhost:{self.plc_port}"
        self.process: subprocess.Popen[str] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._log: IO[str] | None = None

    def __enter__(self) -> Pds:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> Pds:
        """Returns when both answer; RuntimeError with the server's words when not."""
        self._folder = tempfile.TemporaryDirectory(prefix="later-pds-")
        folder = Path(self._folder.name)
        self._log = (folder / "log").open("w+")
        self.process = subprocess.Popen(
            ["node", str(START)],
            env={**os.environ, **self._environment(folder)},
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self.process.stdout is not None
        # Blocks until the server speaks or ends: it prints one line when it is ready.
        line = self.process.stdout.readline()
        if not line or not json.loads(line).get("ready"):
            self._log.seek(0)
            words = self._log.read()[-2_000:]
            self.stop()
            raise RuntimeError(f"The Bluesky server did not start:\n{words}")
        return self

    def _environment(self, folder: Path) -> dict[str, str]:
        return {
            "BLUESKY_PDS_DIR": str(install_folder().resolve()),
            "PDS_DIR": str(folder / "data"),
            "PDS_PORT": str(self.port),
            "PLC_PORT": str(self.plc_port),
            **self.extra,
        }

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None
        if self._log is not None:
            self._log.close()
        if self._folder is not None:
            self._folder.cleanup()

    # What our product must be told to use it

    @property
    def hosts(self) -> frozenset[str]:
        """For PLATFORM_DIRECT_HOSTS: both servers, reached as they are."""
        return frozenset(urlsplit(url).netloc for url in (self.url, self.plc))

    @property
    def credentials(self) -> dict[str, str]:
        """The adapter's settings, without their prefix PLATFORM_."""
        return {
            "BLUESKY_PLC_URL": self.plc,
            "BLUESKY_APPVIEW_URL": self.url,
            "BLUESKY_ENTRY_URL": self.url,
        }

    @property
    def environment(self) -> dict[str, str]:
        """The same as environment variables of a process of ours."""
        named = {f"PLATFORM_{name}": url for name, url in self.credentials.items()}
        return {**named, "PLATFORM_DIRECT_HOSTS": ",".join(sorted(self.hosts))}

    # People

    def account(self, name: str = "") -> Account:
        """A new person, with a handle such as `ada-3f2a.test`."""
        handle = f"{name or 'person'}-{secrets.token_hex(4)}.test"
        password = secrets.token_urlsafe(12)
        made = self.procedure(
            "com.atproto.server.createAccount",
            {
                "handle": handle,
                "email": f"{handle}@example.org",
                "password": password,
            },
        )
        return Account(made["did"], handle, password, made["accessJwt"])

    def app_password(self, account: Account, name: str = "later") -> str:
        """A new app password; its name must be new to the account."""
        made = self.procedure(
            "com.atproto.server.createAppPassword", {"name": name}, account
        )
        return str(made["password"])

    def revoke_app_password(self, account: Account, name: str = "later") -> None:
        self.procedure("com.atproto.server.revokeAppPassword", {"name": name}, account)

    def deactivate(self, account: Account) -> None:
        self.procedure("com.atproto.server.deactivateAccount", {}, account)

    # What was published

    def posts(self, account: Account) -> list[Json]:
        """All posts, newest first, each with `uri`, `cid` and `value`."""
        found = self.query(
            "com.atproto.repo.listRecords", repo=account.did, collection=POSTS
        )
        return list(found["records"])

    def post(self, uri: str) -> Json:
        """The record behind `at://did/collection/rkey`."""
        repo, collection, rkey = uri.removeprefix("at://").split("/")
        found = self.query(
            "com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=rkey
        )
        return dict(found["value"])

    def blob(self, account: Account, blob: Mapping[str, Any]) -> bytes:
        """The bytes behind a blob that stands in a record."""
        cid = blob["ref"]["$link"]
        query = urlencode({"did": account.did, "cid": cid})
        return self._open(f"{self.url}/xrpc/com.atproto.sync.getBlob?{query}")

    # Plain calls

    def query(self, nsid: str, **params: str) -> Json:
        url = f"{self.url}/xrpc/{quote(nsid)}?{urlencode(params)}"
        return _object(self._open(url))

    def procedure(self, nsid: str, body: Json, account: Account | None = None) -> Json:
        headers = {"Content-Type": "application/json"}
        if account is not None:
            headers["Authorization"] = f"Bearer {account.access}"
        url = f"{self.url}/xrpc/{quote(nsid)}"
        return _object(self._open(url, json.dumps(body).encode(), headers))

    def _open(
        self,
        url: str,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        request = Request(url, data, dict(headers or {}))  # noqa: S310
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310
                return bytes(answer.read())
        except HTTPError as error:
            raise PdsError(error.read().decode(errors="replace")) from error


def _object(raw: bytes) -> Json:
    return dict(json.loads(raw)) if raw else {}
