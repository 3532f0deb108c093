"""Django finds models by this module."""

from __future__ import annotations

from support.acting import Acting as Acting
