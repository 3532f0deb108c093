from __future__ import annotations

from django.apps import AppConfig


class LeavingConfig(AppConfig):
    name = "leaving"

    def ready(self) -> None:
        from core import holdings

        holdings.discover()
