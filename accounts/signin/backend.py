"""Who a session belongs to, with what sign-in must still ask of them: one query."""

from __future__ import annotations

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from accounts.signin.required import with_second_steps


class Backend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: UUID | str) -> User | None:
        user = with_second_steps(User.objects.filter(pk=user_id)).first()
        return user if user and self.user_can_authenticate(user) else None
