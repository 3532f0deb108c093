from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from core import clock


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

    def clean_timezone(self) -> str:
        zone = str(self.cleaned_data["timezone"])
        return zone if clock.is_zone(zone) else "UTC"

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Required by allauth; later.signup does the work in one place."""
