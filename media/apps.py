from __future__ import annotations

from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "media"

    def ready(self) -> None:
        from accounts.entitlements import register_meter
        from accounts.plans import Resource
        from core import doctor
        from media.doctor import examine
        from media.queries import stored

        doctor.register("media", examine)
        register_meter(Resource.STORAGE, stored)
