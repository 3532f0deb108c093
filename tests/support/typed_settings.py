"""The project's settings with the tests' environment, for mypy's Django plugin."""

from __future__ import annotations

import tests.support.env
from later.settings import *  # noqa: F403

__all__ = ["tests"]
