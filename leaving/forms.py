from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django import forms

from accounts.forms import DomainForm
from accounts.models import User
from leaving.outlook import AccountOutlook

DELETE = "delete"


class SureForm(DomainForm):
    sure = forms.BooleanField(
        label="I understand that this can't be undone",
        error_messages={"required": "Tick this to go on."},
    )


class LeaveForm(SureForm):
    """Beside it, for each account of theirs that others are in: who takes it over."""

    def __init__(self, owned: Sequence[AccountOutlook], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._heirs = {
            f"account-{each.account.pk}": each for each in owned if each.heirs
        }
        for name, each in self._heirs.items():
            self.fields[name] = self._choice(each)
        self.order_fields([*self._heirs, "sure"])

    def _choice(self, owned: AccountOutlook) -> forms.ChoiceField:
        to = [(str(heir.pk), f"Hand it over to {heir}") for heir in owned.heirs]
        return forms.ChoiceField(
            label=f"What becomes of {owned.account}",
            choices=[
                ("", "Choose"),
                *to,
                (DELETE, "Delete it for everybody"),
            ],
            widget=forms.Select(attrs={"class": "input"}),
            error_messages={"required": "Choose what becomes of it."},
        )

    @property
    def choices(self) -> list[forms.BoundField]:
        return [self[name] for name in self._heirs]

    def heirs(self) -> dict[UUID, User]:
        found = {}
        for name, owned in self._heirs.items():
            people = {str(heir.pk): heir for heir in owned.heirs}
            if heir := people.get(str(self.cleaned_data[name])):
                found[owned.account.pk] = heir
        return found
