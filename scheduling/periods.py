"""The calendar's visible ranges: whole weeks from Monday, in a group's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core import clock

WEEK = timedelta(days=7)
# One request never asks for more than the largest month view and its neighbours.
LONGEST_DAYS = 100
FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True)
class Period:
    """From the start of one day to before the start of another, in `zone`."""

    first: date
    end: date
    zone: str

    @property
    def start_at(self) -> datetime:
        return _midnight(self.first, self.zone)

    @property
    def end_at(self) -> datetime:
        return _midnight(self.end, self.zone)

    @property
    def days(self) -> list[date]:
        count = (self.end - self.first).days
        return [self.first + timedelta(days=number) for number in range(count)]


def _midnight(day: date, zone: str) -> datetime:
    """Where clocks change at midnight, the first instant that the day has."""
    instant, _ = clock.to_instant(datetime.combine(day, time()), zone)
    return instant


def month(day: date, zone: str) -> Period:
    """The weeks that hold a day of this month."""
    first = day.replace(day=1)
    return Period(monday(first), monday(last_of_month(first)) + WEEK, zone)


def week(day: date, zone: str) -> Period:
    return Period(monday(day), monday(day) + WEEK, zone)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def last_of_month(first: date) -> date:
    return step_month(first, 1) - timedelta(days=1)


def step_month(day: date, months: int) -> date:
    """The first day of the month so many months on."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def parse_day(raw: str, fallback: date) -> date:
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        return fallback
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else fallback


def today(zone: str) -> date:
    return clock.to_wall(clock.now(), zone).date()
