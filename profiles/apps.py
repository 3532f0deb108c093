from __future__ import annotations

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "profiles"

    def ready(self) -> None:
        from accounts.entitlements import register_meter
        from accounts.plans import Resource
        from core import doctor, rotation
        from profiles import doctor_apps
        from profiles.actions.sets import count_sets
        from profiles.doctor import examine
        from profiles.sealed import COLUMNS

        doctor.register("platforms", examine)
        doctor.register("redirects", doctor_apps.redirects)
        doctor.register("permissions", doctor_apps.permissions)
        doctor.register("keys", rotation.examine)
        register_meter(Resource.SETS, count_sets)
        for column in COLUMNS:
            rotation.register(column)
