from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "publishing"

    def ready(self) -> None:
        from core import doctor
        from publishing.doctor import examine

        doctor.register("publisher", examine)
