from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms

from accounts.forms import DomainForm
from support.actions.act import MINUTES


def _within_reach(day: dt.date) -> None:
    """The day after it must be a day, too."""
    if not 2000 <= day.year < 9999:
        raise forms.ValidationError("Choose a day of this century.")


class LookForm(DomainForm):
    reason = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    minutes = forms.TypedChoiceField(
        choices=[(each, f"{each} minutes") for each in MINUTES], coerce=int
    )


class ReaddressForm(DomainForm):
    email = forms.EmailField(label="The new address")
    reason = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ExportForm(forms.Form):
    """Whole days of UTC, both counted in."""

    since = forms.DateField(validators=[_within_reach])
    until = forms.DateField(validators=[_within_reach])
    account = forms.UUIDField(required=False)
    form = forms.ChoiceField(choices=[("csv", "CSV"), ("json", "JSON")])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if isinstance(since, dt.date) and isinstance(until, dt.date) and until < since:
            raise forms.ValidationError("The last day comes before the first.")
        return found

    @property
    def account_id(self) -> uuid.UUID | None:
        return self.cleaned_data["account"] or None
