"""Django's admin as the staff's desk: registered on purpose, read only, by kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.db.models.base import ModelBase
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, reverse

from support import urls_admin
from support.rights import Ability, kinds_of, may
from support.sections import NAMES, SECTIONS

# Their own pages would show secrets of people, or widen what staff may.
NOT_SHOWN = frozenset({"auth", "account", "mfa", "usersessions", "socialaccount"})


class StaffSite(AdminSite):
    site_title = "Later staff"
    site_header = "Later staff"
    index_title = "What do you look for?"
    site_url = "/"
    enable_nav_sidebar = True
    index_template = "admin/staff_index.html"

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Only what looks read-only and is written down; libraries' own is left out."""
        for model in _models(model_or_iterable):
            if getattr(admin_class, "for_staff", False):
                super().register(model, admin_class, **options)
            elif model._meta.app_label not in NOT_SHOWN:
                raise ImproperlyConfigured(f"{model} needs a support StaffAdmin.")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without what searches or jumps across models by itself."""
        dropped = {"autocomplete", "view_on_site", "password_change_done"}
        kept = [
            each
            for each in super().get_urls()
            if getattr(each, "name", None) not in dropped
        ]
        return [*urls_admin.own(self), *kept]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        kinds = sorted(kind.capitalize() for kind in kinds_of(request.user))
        return {**super().each_context(request), "staff_kinds": kinds}

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[Any]:
        """By what people look for, not by how the code is cut."""
        found: dict[str, Any] = {}
        for app in self._build_app_dict(request, app_label).values():
            for model in app["models"]:
                label = model["model"]._meta.label_lower
                found[label] = {**model, "name": NAMES.get(label, model["name"])}
        sections = ((name, _of(found, labels)) for name, labels in SECTIONS)
        listed = [_section(name, models) for name, models in sections if models]
        if app_label is None and may(request.user, Ability.DOCTOR):
            listed.append(_section("Doctor", [_doctor()]))
        return listed


def _models(named: type[Model] | Iterable[type[Model]]) -> list[type[Model]]:
    return [named] if isinstance(named, ModelBase) else list(named)


def _of(found: dict[str, Any], labels: Iterable[str]) -> list[Any]:
    return [found[label] for label in labels if label in found]


def _section(name: str, models: list[Any]) -> dict[str, Any]:
    url = models[0]["admin_url"]
    label = name.lower().replace(" ", "-")
    return {"name": name, "app_label": label, "app_url": url, "models": models}


def _doctor() -> dict[str, Any]:
    return {
        "name": "Ask the doctor",
        "object_name": "Doctor",
        "admin_url": reverse("admin:doctor"),
        "view_only": True,
    }
