"""What Meta's doubles share: the Graph API's envelope, headers and field lists."""

from __future__ import annotations
