"""What the demo runs with: its folder, its secrets, the environment of its processes."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from scripts import ports
from scripts.console import ROOT, fail

WEB_PORT = 8000
SANDBOX_PORT = 9000

# Apps that exist in the sandbox only. Any of them can be set from outside, to try the
# demo with a real app: PLATFORM_GATEWAY= (empty) then leads to the real platforms.
SANDBOX_APPS = {
    "PLATFORM_INSTAGRAM_CLIENT_ID": "1234567890123456",
    "PLATFORM_INSTAGRAM_CLIENT_SECRET": "demo-instagram-app-secret",
    "PLATFORM_FACEBOOK_CLIENT_ID": "2345678901234567",
    "PLATFORM_FACEBOOK_CLIENT_SECRET": "demo-facebook-app-secret",
    "PLATFORM_TIKTOK_CLIENT_ID": "demotiktokclientkey",
    "PLATFORM_TIKTOK_CLIENT_SECRET": "demo-tiktok-app-secret",
    "PLATFORM_GOOGLE_BUSINESS_CLIENT_ID": "345678901234-demo.apps.googleusercontent.com",
    "PLATFORM_GOOGLE_BUSINESS_CLIENT_SECRET": "demo-google-app-secret",
    "PLATFORM_LINKEDIN_CLIENT_ID": "86demomember",
    "PLATFORM_LINKEDIN_CLIENT_SECRET": "demo-linkedin-app-secret",
    "PLATFORM_LINKEDIN_PAGES_CLIENT_ID": "86demopages",
    "PLATFORM_LINKEDIN_PAGES_CLIENT_SECRET": "demo-linkedin-pages-secret",
    "PLATFORM_TELEGRAM_BOT_TOKEN": "7700000001:AAF-sandbox-token-of-no-real-bot-00",
    "PLATFORM_TELEGRAM_BOT_NAME": "later_sandbox_bot",
}


@dataclass(frozen=True)
class Folder:
    """Everything the demo keeps, below one folder."""

    path: Path

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def database(self) -> Path:
        return self.path / "later.sqlite3"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.database}"

    @property
    def media(self) -> Path:
        return self.path / "media"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.json"

    @property
    def prepared(self) -> Path:
        """What the database was prepared for, and the sign-in that came of it."""
        return self.path / "prepared.json"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    def make(self) -> None:
        for path in (self.path, self.log, self.media):
            path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)


def folder() -> Folder:
    """DEMO_DIR, by default var/demo."""
    given = os.environ.get("DEMO_DIR")
    return Folder(Path(given).resolve() if given else ROOT / "var" / "demo")


def kept_secrets(path: Path) -> dict[str, str]:
    """The demo's own secrets, made at the first start, for its owner's eyes only."""
    if not path.exists():
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        made = {"SECRET_KEY": secrets.token_urlsafe(50), "TOKEN_KEYS": f"demo:{key}"}
        # Beside and then renamed: a start cut short leaves no half file behind.
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made), encoding="utf-8")
        draft.rename(path)
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def web_port() -> int:
    """PORT, which must be free, or the first free one from 8000 on."""
    given = os.environ.get("PORT")
    if not given:
        return ports.first_free(WEB_PORT)
    if not given.isdigit() or not 1 <= int(given) <= 65535:
        fail(f"PORT must be a number from 1 to 65535, not {given!r}.")
    if not ports.is_free(int(given)):
        fail(f"Port {given} is in use. Leave PORT out to take the next free one.")
    return int(given)


def environment(
    where: Folder, *, web: int, sandbox: int, redis_url: str
) -> dict[str, str]:
    """The environment of every process of the demo."""
    given = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    ours = {
        **kept_secrets(where.secrets),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "later.settings",
        "DEMO": "1",
        "DEBUG": "0",
        "BASE_URL": f"http://{ports.LOOPBACK}:{web}",
        "ALLOWED_HOSTS": "localhost",
        "REDIS_URL": redis_url,
        "MEDIA_ROOT": str(where.media),
        "EMAIL_URL": "mailbox://",
    }
    defaults = {
        **SANDBOX_APPS,
        "DATABASE_URL": where.database_url,
        "PLATFORM_GATEWAY": f"http://{ports.LOOPBACK}:{sandbox}",
    }
    return defaults | given | ours
