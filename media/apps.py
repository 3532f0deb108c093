from __future__ import annotations

from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "media"

    def ready(self) -> None:
        from accounts.entitlements import register_meter
        from accounts.plans import Resource
        from media.queries import stored

        register_meter(Resource.STORAGE, stored)
