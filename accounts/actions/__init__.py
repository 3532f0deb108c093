from __future__ import annotations

from accounts.actions.groups import create_group, open_account, require_scheduler

__all__ = ["create_group", "open_account", "require_scheduler"]
