"""Telegram: the Bot API at api.telegram.org and the app's own pages at t.me."""

from __future__ import annotations
