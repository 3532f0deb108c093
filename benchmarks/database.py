"""A database of the benchmark's own on the server of DATABASE_URL, and Django on it."""

from __future__ import annotations

import os
import secrets
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections

NAME = "later_bench"


def prepare() -> None:
    """Drop, create, migrate; then Django and its children see this database only."""
    if settings.configured:
        connections.close_all()
    url = os.environ["DATABASE_URL"]
    parts = urlsplit(url)
    _recreate(urlunsplit(parts._replace(path="/postgres")))
    os.environ.update(
        DATABASE_URL=urlunsplit(parts._replace(path=f"/{NAME}")),
        DJANGO_SETTINGS_MODULE="later.settings",
        SECRET_KEY=secrets.token_hex(32),
        TOKEN_KEYS="bench:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        BASE_URL="http://127.0.0.1:8000",
        DEMO="1",
        LOG_LEVEL="WARNING",
    )
    django.setup()
    call_command("migrate", verbosity=0)


def _recreate(server: str) -> None:
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    connection.close()
