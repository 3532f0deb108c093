"""The adapter against a real Bluesky server, and a browser for its pages."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from core import http
from platforms.adapter import Credentials
from platforms.bluesky.adapter import Bluesky
from platforms.types import (
    Draft,
    Grant,
    Job,
    Media,
    Prepared,
    Profile,
    Published,
    Redirect,
    Token,
    Visit,
)
from tests.platforms import samples
from tests.platforms.bluesky.journeys import MAYA, journey
from tests.platforms.fakes import DictJournal
from tests.support import pds_pages
from tests.support.callback import callback_server
from tests.support.pds import Account, Pds
from tests.support.sandbox import Sandbox


@dataclass(frozen=True)
class Connected:
    """A person at the real server, connected through the adapter."""

    account: Account
    adapter: Bluesky
    token: Token

    @property
    def profile(self) -> Profile:
        return Profile(self.account.did, self.account.handle)

    def job(self, draft: Draft, token: Token | None = None) -> Job:
        return Job(draft, self.profile, token or self.token, "target-1")

    def prepared(self, draft: Draft) -> tuple[Job, Prepared]:
        job = self.job(draft)
        ready = self.adapter.prepare(job, DictJournal())
        assert isinstance(ready, Prepared)
        return job, ready

    def publish(self, draft: Draft) -> Published:
        return self.adapter.send(*self.prepared(draft))


@pytest.fixture
def bluesky(pds: Pds) -> Bluesky:
    """The adapter, told where the real server is."""
    http.configure(direct=pds.hosts)
    return Bluesky(Credentials(pds.credentials))


@pytest.fixture
def ada(pds: Pds, bluesky: Bluesky) -> Connected:
    """Connected with an app password named `later`."""
    account = pds.account("ada")
    inputs = {"handle": account.handle, "app_password": pds.app_password(account)}
    grant = bluesky.begin(Visit("app_password", "", "", "http://127.0.0.1", inputs))
    assert isinstance(grant, Grant)
    return Connected(account, bluesky, grant.token)


@pytest.fixture(scope="session")
def mp4(tmp_path_factory: pytest.TempPathFactory) -> Media:
    """A second of video from a real encoder."""
    path = tmp_path_factory.mktemp("video") / "a.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=duration=1:size=128x96:rate=10"]
    encode = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    command = ["ffmpeg", "-loglevel", "error", *source, *encode, str(path)]
    subprocess.run(command, check=True)
    data = path.read_bytes()
    return samples.video(
        read=lambda: data, width=128, height=96, size=len(data), duration_s=1.0
    )


@pytest.fixture
def chromium(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Fresh pages, each in a context of its own, of the suite's one browser."""
    opened: list[BrowserContext] = []

    def fresh() -> Page:
        opened.append(browser.new_context(locale="en-US"))
        return opened[-1].new_page()

    yield fresh
    for context in opened:
        context.close()


SignIn = Callable[..., Grant]


@pytest.fixture
def sign_in(bluesky: Bluesky, chromium: Callable[[], Page]) -> Iterator[SignIn]:
    """The whole OAuth journey of a person, through the server's own pages.

    `sign_in(account)`, with `typed` for what is entered instead of the handle, and
    `consent=pds_pages.deny` for saying no.
    """
    with callback_server() as callback:

        def journey(
            account: Account,
            typed: str | None = None,
            consent: Callable[[Page], None] = pds_pages.allow,
        ) -> Grant:
            name = account.handle if typed is None else typed
            base = callback.url.removesuffix("/connect/callback")
            visit = Visit("oauth", callback.url, "state-1", base, {"account": name})
            going = bluesky.begin(visit)
            assert isinstance(going, Redirect)
            page = chromium()
            page.goto(going.url)
            pds_pages.sign_in(page, account)
            consent(page)
            query = callback.arrived()
            page.context.close()
            assert query.pop("state") == "state-1"
            return bluesky.finish(visit, going.secret, query)

        yield journey


@pytest.fixture
def bob(pds: Pds, bluesky: Bluesky, sign_in: SignIn) -> Connected:
    """Connected by OAuth."""
    account = pds.account("bob")
    return Connected(account, bluesky, sign_in(account).token)


# The sandbox


@pytest.fixture
def adapter(gateway: Sandbox) -> Bluesky:
    return Bluesky(Credentials({}))


@pytest.fixture
def maya(adapter: Bluesky) -> Grant:
    return journey(adapter, MAYA)


@pytest.fixture
def clip(files: Path) -> Media:
    data = (files / "clip.mp4").read_bytes()
    return samples.video(
        read=lambda: data, size=len(data), width=720, height=1280, alt_text="A clip"
    )
