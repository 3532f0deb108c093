"""The environment of a test process; set before the settings are read."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
# Its own Redis database for each xdist worker, of the 16 that a Redis has.
REDIS = urlsplit(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"))
NUMBER = (int(REDIS.path.strip("/") or 0) + WORKER) % 16
os.environ["REDIS_URL"] = f"{REDIS.scheme}://{REDIS.netloc}/{NUMBER}"
os.environ.setdefault("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/later")
os.environ.update(
    SECRET_KEY="tests-only-secret-key-of-sufficient-length",
    BASE_URL="http://127.0.0.1:8000",
    ALLOWED_HOSTS="testserver,localhost",
    DEMO="1",
    DEBUG="0",
    EMAIL_URL="mailbox://",
    LOG_LEVEL="WARNING",
    TOKEN_KEYS="test:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    PLATFORM_GATEWAY="",
    PLATFORM_INSTAGRAM_CLIENT_ID="test-instagram-app",
    PLATFORM_INSTAGRAM_CLIENT_SECRET="canary-instagram-app-secret",
    PLATFORM_FACEBOOK_CLIENT_ID="test-facebook-app",
    PLATFORM_FACEBOOK_CLIENT_SECRET="canary-facebook-app-secret",
    PLATFORM_TIKTOK_CLIENT_ID="test-tiktok-app",
    PLATFORM_TIKTOK_CLIENT_SECRET="canary-tiktok-app-secret",
    PLATFORM_GOOGLE_BUSINESS_CLIENT_ID="test-google-app",
    PLATFORM_GOOGLE_BUSINESS_CLIENT_SECRET="canary-google-app-secret",
    PLATFORM_LINKEDIN_CLIENT_ID="test-linkedin-app",
    PLATFORM_LINKEDIN_CLIENT_SECRET="canary-linkedin-app-secret",
    PLATFORM_LINKEDIN_PAGES_CLIENT_ID="test-linkedin-pages-app",
    PLATFORM_LINKEDIN_PAGES_CLIENT_SECRET="canary-linkedin-pages-secret",
    PLATFORM_TELEGRAM_BOT_TOKEN="7700000001:AAF-sandbox-token-of-no-real-bot-00",
    PLATFORM_TELEGRAM_BOT_NAME="later_sandbox_bot",
    # pytest-playwright runs an event loop in the thread that uses the ORM.
    DJANGO_ALLOW_ASYNC_UNSAFE="1",
)
