"""Bluesky: accounts' servers, sign-in, the DID directory, video service, app view."""

from __future__ import annotations
