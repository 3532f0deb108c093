"""Shape of input only; what is right is decided by the actions."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from core import clock
from core.errors import DomainError, DomainErrors
from platforms.types import Input, Method
from profiles.actions.pick import Choice
from profiles.actions.sets import NAME_LENGTH
from profiles.offers import Offer

INPUT_LENGTH = 2_000
PLACE = "place:"


class DomainForm(forms.Form):
    def refuse(self, error: DomainError) -> None:
        """Show a refusal beside its field, or above the form."""
        errors = error.errors if isinstance(error, DomainErrors) else [error]
        for each in errors:
            self.add_error(
                each.field if each.field in self.fields else None, each.message
            )


class MethodForm(DomainForm):
    """The inputs that a method asks for; whether one may be empty is the adapter's."""

    def __init__(self, method: Method, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for item in method.inputs:
            self.fields[item.name] = _field(item)

    def inputs(self) -> dict[str, str]:
        return {name: str(self.cleaned_data[name]) for name in self.fields}


def _field(item: Input) -> forms.CharField:
    attrs = {"placeholder": item.placeholder, "spellcheck": "false"}
    attrs |= {"autocapitalize": "none", "autocomplete": "off"}
    widget = forms.PasswordInput if item.secret else forms.TextInput
    return forms.CharField(
        label=item.label,
        help_text=item.help,
        required=False,
        max_length=INPUT_LENGTH,
        widget=widget(attrs=attrs),
    )


def zones() -> list[tuple[str, str]]:
    """Places as people know them, without the database's aliases."""
    names = sorted(name for name in clock.zones() if "/" in name)
    places = [name for name in names if not name.startswith(("Etc/", "SystemV/"))]
    return [(name, name.replace("_", " ")) for name in ("UTC", *places)]


class GroupForm(DomainForm):
    name = forms.CharField(
        label="Name",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        help_text="Such as the creator's public name.",
    )
    timezone = forms.ChoiceField(label="Time zone", choices=zones)


class SetForm(DomainForm):
    name = forms.CharField(
        label="Name",
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PickForm(forms.Form):
    """Ticked identities. Each one's Social Set is judged where it is used."""

    def __init__(self, offers: Sequence[Offer], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.offers = offers
        ids = [offer.identity.external_id for offer in offers if not offer.refused]
        self.fields["choice"] = forms.MultipleChoiceField(
            choices=[(each, each) for each in ids], required=False
        )

    def place_of(self, external_id: str) -> str:
        """A Social Set's id, NEW, or "" for the next free one."""
        return str(self.data.get(PLACE + external_id, ""))

    def choices(self) -> list[Choice]:
        picked = self.cleaned_data.get("choice", [])
        return [Choice(each, self.place_of(each)) for each in picked]
