from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from accounts import audit
        from accounts.entitlements import register_meter
        from accounts.people import places_taken
        from accounts.plans import Resource
        from accounts.signin.doctor import examine as examine_sign_in
        from accounts.signin.secrets import COLUMNS
        from accounts.signin.sessions import on_second_step
        from core import doctor, rotation

        doctor.register("audit", audit.examine)
        doctor.register("sign-in", examine_sign_in)
        register_meter(Resource.GROUPS, lambda account: account.groups.count())
        register_meter(Resource.PEOPLE, places_taken)
        for column in COLUMNS:
            rotation.register(column)
        authenticator_added.connect(on_second_step)
