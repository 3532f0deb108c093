"""The adapter, real media and jobs for the tests against the sandbox."""

from __future__ import annotations

import pytest

from platforms.adapter import Credentials
from platforms.instagram import containers
from platforms.instagram.adapter import Instagram
from platforms.types import (
    Draft,
    Media,
)
from tests.platforms import samples
from tests.platforms.instagram.lena import LOGINS, lena, of
from tests.platforms.instagram.world import CREDENTIALS


@pytest.fixture
def adapter(gateway, monkeypatch) -> Instagram:
    """Looks a second's tenth apart, so more of them until our patience ends."""
    monkeypatch.setattr(containers, "PATIENCE_LOOKS", 300)
    return Instagram(Credentials(CREDENTIALS))


@pytest.fixture
def media(web, files):
    """Real files, as the sandbox will fetch them."""

    def made(name: str) -> Media:
        path = files / name
        known = {"url": web(name), "size": path.stat().st_size, "read": path.read_bytes}
        if name.endswith(".mp4"):
            return samples.video(width=720, height=1280, duration_s=4, **known)
        return samples.photo(width=1080, height=1350, **known)

    return made


@pytest.fixture
def job(adapter, media):
    """A job of a freshly signed-in Lena."""

    def made(kind: str = "image", text: str = "Hello", *names: str, login=LOGINS[0]):
        chosen = names or ("clip.mp4" if kind == "reel" else "photo.jpg",)
        draft = Draft(kind, text, tuple(media(name) for name in chosen))
        return of(lena(adapter, login), draft)

    return made
