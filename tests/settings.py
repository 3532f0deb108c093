"""The product's own settings, read in the environment of a test process."""

from __future__ import annotations

import tests.support.env  # noqa: F401  # isort: skip
from later.settings import *  # noqa: F403
from later.settings import MIDDLEWARE

# Hashing a password for every person of every test costs more than the tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# No token in any answer or session, in every test: tests/support/canary.py.
MIDDLEWARE = ["tests.support.canary.AnswerWatch", *MIDDLEWARE]
