"""Instagram's double: both dialects of the publishing API, from the fact sheet."""

from __future__ import annotations
