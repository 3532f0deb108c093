from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest

from accounts.actions.name import name_of
from accounts.models import AccessGroup, Role
from accounts.rights import GIVEN
from core import clock
from core.errors import DomainError, DomainErrors


class SignupForm(forms.Form):
    """Fields beside e-mail and password; allauth mixes them into its own form."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    # Filled in by the browser; without JavaScript it stays UTC and can be changed.
    timezone = forms.CharField(required=False, widget=forms.HiddenInput())
    field_order = ("name", "email", "password1", "timezone")

    def clean_name(self) -> str:
        try:
            return name_of(str(self.cleaned_data["name"]))
        except DomainError as error:
            raise forms.ValidationError(error.message) from None

    def clean_timezone(self) -> str:
        zone = str(self.cleaned_data["timezone"])
        return zone if clock.is_zone(zone) else "UTC"

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Required by allauth; later.signup does the work in one place."""


class DomainForm(forms.Form):
    def refuse(self, error: DomainError) -> None:
        """Show a refusal beside its field, or above the form."""
        errors = error.errors if isinstance(error, DomainErrors) else [error]
        for each in errors:
            beside = each.field if each.field in self.fields else None
            self.add_error(beside, each.message)


def given_roles() -> list[tuple[str, str]]:
    return [(role.value, str(role.label)) for role in GIVEN]


class NameForm(DomainForm):
    name = forms.CharField(label="Your name", max_length=120)


class InviteForm(DomainForm):
    email = forms.CharField(label="E-mail", max_length=254)
    name = forms.CharField(label="Name", max_length=120, required=False)
    role = forms.ChoiceField(label="Role", choices=given_roles, initial=Role.MEMBER)
    groups = forms.MultipleChoiceField(label="Access Groups", required=False)

    def __init__(self, groups: Sequence[AccessGroup], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._groups = {str(group.pk): group for group in groups}
        choices = [(key, str(group)) for key, group in self._groups.items()]
        self.fields["groups"].choices = choices  # type: ignore[attr-defined]

    def grants(self) -> dict[AccessGroup, str]:
        role = str(self.cleaned_data["role"])
        return {self._groups[key]: role for key in self.cleaned_data["groups"]}


class AddressForm(DomainForm):
    email = forms.CharField(label="Another address", max_length=254)


class RolesForm(DomainForm):
    """A select for each group of the account: its role, or none."""

    def __init__(
        self,
        groups: Sequence[AccessGroup],
        held: dict[AccessGroup, str],
        data: object = None,
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._groups = {f"role-{group.pk}": group for group in groups}
        self._held = held
        choices = [("", "No access"), *given_roles()]
        for name, group in self._groups.items():
            self.fields[name] = forms.ChoiceField(
                label=str(group),
                choices=choices,
                required=False,
                initial=held.get(group, ""),
                widget=forms.Select(attrs={"class": "input"}),
            )

    def grants(self) -> dict[AccessGroup, str]:
        """A group that was made since the page was opened stays as it is."""
        chosen = {
            group: self.cleaned_data[name]
            if name in self.data
            else self._held.get(group)
            for name, group in self._groups.items()
        }
        return {group: role for group, role in chosen.items() if role}


class JoinForm(DomainForm):
    name = forms.CharField(label="Your name", max_length=120, required=False)
    password = forms.CharField(label="Password", max_length=1_000)
