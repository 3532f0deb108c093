"""What every list and page of the staff's desk has in common.

Read only, seen by kind, bounded for tables of millions, and written down: who looked
for what, and whose page was opened (R-I1, R-I2).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse

from accounts.access import person
from accounts.audit import Deed, record
from accounts.models import Account
from core.bounded import bounded
from support import rights
from support.admin.panels import Panel
from support.sections import NAMES

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
else:
    AnyAdmin = admin.ModelAdmin

# Nobody turns more pages than that; the search finds what is wanted.
MOST = 1_000
LIST_S = 5.0
NOT_FILTERS = {"q", "p", "o", "all", "e"}
TOO_BROAD = "That takes too long to find. Search for an address or an id."


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than anybody turns."""

    @cached_property
    def count(self) -> int:
        assert isinstance(self.object_list, QuerySet)
        return self.object_list.order_by()[:MOST].count()


class StaffAdmin(AnyAdmin):
    """Subclasses name `fields` or `fieldsets`, and what each search may match."""

    for_staff = True
    # From the row to its account, "" for what is nobody's.
    account_path: ClassVar[str] = ""
    # Customers' rows are listed once something is looked for, not to be leafed through.
    search_first: ClassVar[bool] = True
    # Lookups an id in the search is compared with, and such for any other word.
    id_lookups: ClassVar[tuple[str, ...]] = ("pk",)
    word_lookups: ClassVar[tuple[str, ...]] = ()
    # Lookups that panels of other pages lead here with.
    linked_by: ClassVar[tuple[str, ...]] = ()

    # Django shows its search box for these; how it looks is `get_search_results`.
    search_fields: ClassVar[tuple[str, ...]] = ("pk",)
    actions = None
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    ordering = ("-pk",)
    change_list_template = "admin/staff_list.html"
    change_form_template = "admin/staff_page.html"

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def heading(self) -> str:
        """Of its list, as the desk calls it."""
        own = str(self.opts.verbose_name_plural).capitalize()
        return NAMES.get(self.label, own)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights.may_see(request.user, self.label)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rights.may_see(request.user, self.label)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of them, also those that are made up by a method here."""
        return tuple(self.fields or ())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        match = request.resolver_match
        listing = match is not None and str(match.url_name).endswith("_changelist")
        if listing and self.search_first and not self.is_asked(request):
            return rows.none()
        return rows

    @staticmethod
    def is_asked(request: HttpRequest) -> bool:
        """Whether anything is looked for: a word, or a filter."""
        found = bool(request.GET.get("q", "").strip())
        return found or bool(set(request.GET) - NOT_FILTERS)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By id, or by the beginning of what people are known by."""
        words = search_term.strip()
        if not words:
            return queryset, False
        match = Q()
        for lookup in self.lookups(words):
            match |= Q(**{lookup: words})
        return (queryset.filter(match) if match else queryset.none()), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the desk itself offers. Django would compare any column, hidden
        ones as well: `?password__startswith=` tells a hash sign by sign."""
        shown = lookup.removesuffix("__exact").removesuffix("__isnull")
        return lookup in self.linked_by or shown in self.get_list_filter(request)

    def lookups(self, words: str) -> tuple[str, ...]:
        pk = self.model._meta.pk
        assert pk is not None
        if is_uuid(words):
            return self.id_lookups
        if words.isdigit() and pk.get_internal_type().endswith("AutoField"):
            return ("pk", *self.word_lookups)
        return self.word_lookups

    def changelist_view(
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        self._listed(request)
        asked = self.is_asked(request) or not self.search_first
        more = {**(extra_context or {}), "most": MOST, "asked": asked}
        more["heading"] = more["title"] = self.heading
        try:
            with bounded(LIST_S):
                answer = super().changelist_view(request, more)
                if isinstance(answer, SimpleTemplateResponse):
                    answer.render()
        except OperationalError:
            messages.warning(request, TOO_BROAD)
            return redirect(request.path)
        return answer

    def _listed(self, request: HttpRequest) -> None:
        words = str(self.opts.verbose_name_plural)
        asked = self.is_asked(request)
        if asked:
            looked_for = (f"{name}={value}" for name, value in request.GET.items())
            words = f"{words}: {', '.join(looked_for)}"
        verb = "staff.searched" if asked else "staff.listed"
        record(Deed(verb, words), actor=person(request))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row: Model = context["original"]
        about = Deed("staff.viewed", about=row, account=self.account_of(row))
        record(about, actor=person(request))
        context.update(panels=self.panels(request, row), tools=self.tools(request, row))
        title = str(self.opts.verbose_name).capitalize()
        context.update(title=title, heading=self.heading)
        return super().render_change_form(request, context, *args, **kwargs)

    def account_of(self, row: Any) -> Account | None:
        if not self.account_path:
            return None
        found = row
        for name in self.account_path.split("."):
            found = getattr(found, name, None)
        return found if isinstance(found, Account) else None

    def panels(self, request: HttpRequest, row: Any) -> list[Panel]:
        """Tables below the facts; only of what this person may look at."""
        return []

    def tools(self, request: HttpRequest, row: Any) -> list[tuple[str, str]]:
        """Label and address of what may be done here."""
        return []

    def history_view(self, *_: Any, **__: Any) -> HttpResponse:
        """The audit trail has it, for those who may read that."""
        raise Http404


def is_uuid(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True
