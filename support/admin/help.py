"""Requests for help: read with what came along, answered on a page of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Account
from support import rights
from support.admin.base import StaffAdmin
from support.admin.panels import Cell, Panel, link
from support.help_request import HelpRequest
from support.rights import Ability


@admin.register(HelpRequest)
class HelpRequestAdmin(StaffAdmin):
    search_first = False
    list_display = ("asker", "status", "asked_at", "said_at")
    list_select_related = ("user",)
    list_filter = ("status",)
    ordering = ("-said_at",)
    word_lookups = ("user__email__istartswith", "email__istartswith")
    id_lookups = ("pk", "user", "group", "post_id")
    fields = ("id", "asker", "address", "status", "asked_at", "page", "browser")
    search_help_text = "The beginning of an e-mail address, or an id."

    def account_of(self, row: HelpRequest) -> Account | None:
        return row.group.account if row.group else None

    def panels(self, request: HttpRequest, row: HelpRequest) -> list[Panel]:
        return [self._said(row), *self._about(request, row), *self._tried(row)]

    def tools(self, request: HttpRequest, row: HelpRequest) -> list[tuple[str, str]]:
        if not rights.may(request.user, Ability.HELP):
            return []
        return [("Answer", reverse("admin:help_answer", args=[row.pk]))]

    def _said(self, row: HelpRequest) -> Panel:
        said = row.messages.select_related("author")
        rows = [
            [
                Cell(f"{word.at:%Y-%m-%d %H:%M}"),
                Cell("Support" if word.staff else row.asker),
                Cell(word.text),
            ]
            for word in said
        ]
        return Panel("What was said", ("When", "Who", "Words"), rows)

    def _about(self, request: HttpRequest, row: HelpRequest) -> list[Panel]:
        """Only what this person may open."""
        about: list[tuple[str, Any]] = [("Person", row.user), ("Group", row.group)]
        rows = [
            [Cell(name), link(each)]
            for name, each in about
            if each is not None and rights.may_see(request.user, each._meta.label_lower)
        ]
        if row.post_id and rights.may_see(request.user, "scheduling.post"):
            address = reverse("admin:scheduling_post_change", args=[row.post_id])
            rows.append([Cell("Post"), Cell(str(row.post_id), address)])
        return [Panel("About", ("What", "Which"), rows)] if rows else []

    def _tried(self, row: HelpRequest) -> list[Panel]:
        """As the person saw it when they pressed the button."""
        columns = ("When", "What", "Words", "HTTP")
        return [
            Panel(
                ". ".join(filter(None, (_title(each), each["reason"]))),
                columns,
                [
                    [
                        Cell(moment["at"]),
                        Cell(moment["title"]),
                        Cell(moment["text"]),
                        Cell(moment["http_status"] or ""),
                    ]
                    for moment in each["moments"]
                ],
            )
            for each in row.story
        ]


def _title(told: dict[str, Any]) -> str:
    return f"{told['profile']}: {told['state']}"
