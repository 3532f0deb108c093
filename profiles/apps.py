from __future__ import annotations

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "profiles"

    def ready(self) -> None:
        from core import doctor, rotation
        from profiles.doctor import examine
        from profiles.sealed import COLUMNS

        doctor.register("platforms", examine)
        doctor.register("keys", rotation.examine)
        for column in COLUMNS:
            rotation.register(column)
