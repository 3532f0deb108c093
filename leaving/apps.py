from __future__ import annotations

from django.apps import AppConfig


class LeavingConfig(AppConfig):
    name = "leaving"

    def ready(self) -> None:
        from core import doctor, holdings
        from leaving.doctor import examine

        holdings.discover()
        doctor.register("data", examine)
