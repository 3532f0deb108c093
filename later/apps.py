from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class LaterConfig(AppConfig):
    name = "later"

    def ready(self) -> None:
        from core import doctor, http
        from later import checks, doctor_outside, doctor_ways
        from later.doctor import services

        http.configure(
            gateway=settings.PLATFORM_GATEWAY, direct=settings.PLATFORM_DIRECT_HOSTS
        )
        checks.register_all()
        doctor.register("services", services)
        doctor.register("encryption", doctor_ways.ways)
        doctor.register("mail", doctor_outside.mail)
        doctor.register("backups", doctor_outside.backups)
        doctor.register("zones", doctor_outside.zones)
