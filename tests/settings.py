"""The product's own settings, read in the environment of a test process."""

from __future__ import annotations

import tests.support.env  # noqa: F401  # isort: skip
from later.settings import *  # noqa: F403

# Hashing a password for every person of every test costs more than the tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
