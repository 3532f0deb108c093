"""Reading rights live on the QuerySet: every door starts from `visible_to(user)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias, TypeVar

from django.db import models
from django.http import Http404

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

Viewer: TypeAlias = "AbstractBaseUser | AnonymousUser"
M = TypeVar("M", bound=models.Model)


class TenantQuerySet(models.QuerySet[M]):
    """`member_path` is the lookup from the model to the users who may see it."""

    member_path: ClassVar[str] = "group__memberships__user"

    def visible_to(self, user: Viewer) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.filter(**{self.member_path: user})

    def get_visible(self, user: Viewer, **lookup: Any) -> M:
        """The row, or Http404: a stranger can't tell it from one that isn't there."""
        found = self.visible_to(user).filter(**lookup).first()
        if found is None:
            raise Http404
        return found
