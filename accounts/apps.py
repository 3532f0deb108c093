from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import audit
        from accounts.entitlements import register_meter
        from accounts.people import places_taken
        from accounts.plans import Resource
        from core import doctor

        doctor.register("audit", audit.examine)
        register_meter(Resource.GROUPS, lambda account: account.groups.count())
        register_meter(Resource.PEOPLE, places_taken)
