"""The audit trail as a file: by days and account, streamed, itself written down."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from accounts.access import person
from accounts.audit import AuditEntry, Deed, record
from core.spreadsheet import Sheet
from support import rights
from support.forms import ExportForm
from support.rights import Ability

COLUMNS = tuple(field.name for field in AuditEntry._meta.concrete_fields)
BATCH = 2_000
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    if not rights.may(request.user, Ability.EXPORT_AUDIT):
        raise PermissionDenied
    form = ExportForm(request.GET)
    if not form.is_valid():
        messages.error(request, "Choose the first and the last day, in this order.")
        return redirect("admin:accounts_auditentry_changelist")
    asked = form.cleaned_data
    words = f"{asked['since']} to {asked['until']} as {asked['form']}"
    if form.account_id:
        words += f", account {form.account_id}"
    record(Deed("audit.exported", words), actor=person(request))
    rows = _rows(form).values_list(*COLUMNS).iterator(BATCH)
    told = _csv(rows) if asked["form"] == "csv" else _json(rows)
    name = f"audit-{asked['since']}-{asked['until']}.{asked['form']}"
    answer = StreamingHttpResponse(told, content_type=TYPES[asked["form"]])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _rows(form: ExportForm) -> QuerySet[AuditEntry]:
    asked = form.cleaned_data
    since = datetime.combine(asked["since"], time.min, UTC)
    until = datetime.combine(asked["until"], time.min, UTC) + timedelta(days=1)
    rows = AuditEntry.objects.filter(at__gte=since, at__lt=until).order_by("id")
    return rows.filter(account_id=form.account_id) if form.account_id else rows


def _csv(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    buffer = io.StringIO()
    sheet = Sheet(buffer, COLUMNS)
    for row in rows:
        sheet.add(row)
        yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _json(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """A list of objects, one a line."""
    before = "["
    for row in rows:
        told = dict(zip(COLUMNS, row, strict=True))
        yield f"{before}\n{json.dumps(told, default=_plain, ensure_ascii=False)}"
        before = ","
    yield "\n]\n" if before == "," else "[]\n"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
