from __future__ import annotations

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "profiles"

    def ready(self) -> None:
        from core import doctor
        from profiles.doctor import examine

        doctor.register("platforms", examine)
