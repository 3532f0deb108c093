"""What a person chooses for one profile: its posts when it goes, where it moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from profiles.forms import DomainForm
from profiles.hooks import Clearing, Needs, Way
from profiles.models import SocialSet


class ClearingForm(DomainForm):
    """Nothing is chosen beforehand: whose posts go where is a person's word (R-D7)."""

    way = forms.CharField(required=False, max_length=32)

    def __init__(self, needs: Needs, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.needs = needs
        heirs = [heir for way in needs.ways for heir in way.heirs]
        self.fields["heir"] = forms.ChoiceField(
            choices=[("", "Choose a profile"), *heirs],
            required=False,
            label="Which profile",
        )

    def ways(self) -> Iterator[tuple[Way, BoundField | None, bool]]:
        """Each with its list of heirs, and whether it was chosen a moment ago."""
        picked = self.data.get("way") if self.is_bound else None
        for way in self.needs.ways:
            yield way, self["heir"] if way.heirs else None, way.key == picked

    def clearing(self) -> Clearing | None:
        way = self.cleaned_data["way"]
        return Clearing(way, self.cleaned_data["heir"]) if way else None


class MoveForm(DomainForm):
    """The Social Set, group by group; those whose slot is filled can't be chosen."""

    def __init__(self, places: Iterable[SocialSet], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.places = {str(place.pk): place for place in places}
        self.fields["to"] = forms.ChoiceField(
            label="Social Set",
            choices=[("", "Choose a Social Set"), *self._choices()],
            error_messages={"required": "Choose where it moves."},
        )

    def _choices(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        for group, places in groupby(self.places.values(), lambda place: place.group):
            yield group.name, [(str(place.pk), _said(place)) for place in places]

    @property
    def confirmed(self) -> bool:
        return bool(self.data.get("confirmed"))

    @property
    def place(self) -> SocialSet:
        return self.places[self.cleaned_data["to"]]

    def clean_to(self) -> Any:
        chosen = self.cleaned_data["to"]
        if _taken(self.places[chosen]):
            message = "That slot has a profile of this platform already."
            raise forms.ValidationError(message)
        return chosen


def _taken(place: SocialSet) -> bool:
    """As annotated by `profiles.moving.places`."""
    return bool(getattr(place, "taken", False))


def _said(place: SocialSet) -> str:
    return f"{place.name} (slot taken)" if _taken(place) else place.name
