"""One view for each work: the least that plain Django does for it."""

import json
import re
import zlib
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe

from bench.data.answers import INSTRUMENT
from bench.floor.forms import AssessmentForm, ChildForm, SearchForm
from cre_toolkit.accounts.models import RoleHeld
from cre_toolkit.assessments.models import Assessment, DraftSection, Record
from cre_toolkit.audit.models import Event
from cre_toolkit.audit.moments import new_id_at
from cre_toolkit.casework.models import CaseEvent, Due
from cre_toolkit.children.matching import Key
from cre_toolkit.children.models import AccessGrant, Child, MatchKey
from cre_toolkit.rules.loading import load_instrument

SHOWN = 50


@login_required
@transaction.atomic
def register(request: HttpRequest) -> HttpResponse:
    """A child's row, the grant by which it is seen, and the audit's row."""
    form = ChildForm(request.POST)
    if not form.is_valid():
        return render(request, "floor/form.html", {"form": form}, status=422)
    child = form.save(commit=False)
    child.created_by, child.created_at = request.user, timezone.now()
    child.save(force_insert=True)
    AccessGrant.objects.create(
        child=child, user=request.user, reason=AccessGrant.Reason.ADDED, since=timezone.now()
    )
    audit(request, "child.added", child)
    return HttpResponseRedirect(f"/child/{child.reference}/")


@login_required
@transaction.atomic
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """The form of some thirty indicators as one record, one event, the draft marked as sent, an audit row."""
    draft = get_object_or_404(
        Assessment.objects.select_for_update(of=("self",)).select_related("child"),
        reference=reference,
        author=request.user,
        status=Assessment.Status.DRAFT,
    )
    form = AssessmentForm(request.POST)
    if not form.is_valid():
        return render(request, "floor/form.html", {"form": form}, status=422)
    now = timezone.now()
    record = Record.objects.create(
        assessment=draft,
        child=draft.child,
        author=request.user,
        authority=draft.child.authority,
        instrument=INSTRUMENT,
        completed_at=now,
        sent_at=now,
        recorded_level=form.cleaned_data["level"],
        deflated=zlib.compress(json.dumps(form.said()).encode()),
    )
    CaseEvent.objects.create(
        child=draft.child,
        kind=CaseEvent.Kind.ASSESSMENT,
        at=now,
        entered_at=now,
        by=request.user,
        record=record,
    )
    draft.status, draft.changed_at = Assessment.Status.SENT, now
    draft.save(update_fields=["status", "changed_at"])
    audit(request, "assessment.sent", draft.child)
    return HttpResponseRedirect(f"/child/{draft.child.reference}/")


@login_required
@transaction.atomic
def child(request: HttpRequest, reference: str) -> HttpResponse:
    """A child with family, agencies, sent assessments, events, what is due, and one's own draft."""
    found = get_object_or_404(
        Child.objects.select_related("allocated_worker"), reference=reference, pk__in=_mine(request)
    )
    records = found.records.defer("deflated").select_related("author", "assessment")
    context = {
        "child": found,
        "family": found.family.order_by("position"),
        "agencies": found.agencies.order_by("position"),
        "records": records.order_by("-completed_at"),
        "events": found.case_events.order_by("-at"),
        "due": found.due.order_by("sorts_at"),
        "drafts": found.assessments.filter(author=request.user, status=Assessment.Status.DRAFT),
    }
    audit(request, "child.viewed", found)
    return render(request, "floor/child.html", context)


@login_required
@transaction.atomic
def due(request: HttpRequest) -> HttpResponse:
    """Fifty things that are due on the children who are one's own, the most overdue first."""
    entries = list(_due_of(request)[:SHOWN])
    audit(request, "due.viewed", detail=_children_of(entries))
    return render(request, "floor/due.html", {"due": entries})


@login_required
@transaction.atomic
def county(request: HttpRequest) -> HttpResponse:
    """Fifty of what is due on all children at medium or high of the authority, and how many there are."""
    roles = RoleHeld.objects.filter(user=request.user, until=None).values("authority")
    rows = Due.objects.filter(child__authority__in=roles, child__working_level__in=("medium", "high"))
    page = Paginator(rows.select_related("child").order_by("sorts_at", "pk"), SHOWN).get_page(1)
    entries = list(page.object_list)
    audit(request, "due.viewed", detail=_children_of(entries))
    return render(request, "floor/due.html", {"due": entries, "number": page.paginator.count})


@login_required
@transaction.atomic
def search(request: HttpRequest) -> HttpResponse:
    """The form, and the children one of whose names begins so: by the index."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "floor/search.html", {"form": form}, status=422)
    beginning = form.cleaned_data["name"].split()[-1].lower()
    keys = MatchKey.objects.filter(
        kind=Key.NAME, value__gte=beginning, value__lt=f"{beginning}\U0010ffff", child__in=_mine(request)
    )
    found = list(Child.objects.filter(pk__in=keys.values("child")).select_related("allocated_worker")[:SHOWN])
    audit(request, "child.searched", detail=[child.reference for child in found])
    return render(request, "floor/search.html", {"form": form, "found": found})


@login_required
@transaction.atomic
def indicators(request: HttpRequest, reference: str) -> HttpResponse:
    """A card for each indicator that was ticked: rendered once, and filled in for each request."""
    draft = get_object_or_404(
        Assessment.objects.select_related("child"), reference=reference, author=request.user
    )
    section = DraftSection.objects.get(assessment=draft, section="indicators")
    items = section.answers["items"]
    cards = _cards()
    filled = [_filled(cards[id_], rated) for id_, rated in items.items()]
    audit(request, "assessment.viewed", draft.child)
    context = {"child": draft.child, "cards": mark_safe("".join(filled)), "version": section.version}  # noqa: S308
    return render(request, "floor/indicators.html", context)


@login_required
@transaction.atomic
def home(request: HttpRequest) -> HttpResponse:
    """What is due, what is unfinished, what was sent."""
    drafts = Assessment.objects.filter(author=request.user, status=Assessment.Status.DRAFT)
    sent = AccessGrant.objects.filter(user=request.user, until=None, reason=AccessGrant.Reason.SENT)
    received = Record.objects.filter(child__in=sent.values("child")).exclude(author=request.user)
    entries = list(_due_of(request)[:20])
    context = {
        "drafts": drafts.select_related("child").order_by("-changed_at"),
        "due": entries,
        "received": received.defer("deflated")
        .select_related("child", "assessment")
        .order_by("-sent_at")[:10],
    }
    audit(request, "home.viewed", detail=_children_of(entries))
    return render(request, "floor/home.html", context)


def _mine(request: HttpRequest) -> QuerySet[AccessGrant, Any]:
    """The children whom the user has been given access to."""
    return AccessGrant.objects.filter(user=request.user, until=None).values("child")


def _due_of(request: HttpRequest) -> QuerySet[Due]:
    rows = Due.objects.filter(child__in=_mine(request))
    return rows.select_related("child").order_by("sorts_at", "pk")


def _children_of(entries: list[Due]) -> list[str]:
    return sorted({entry.child.reference for entry in entries})


def audit(request: HttpRequest, kind: str, child: Child | None = None, detail: Any = ()) -> None:
    """One row, without a seal."""
    Event.objects.create(
        id=new_id_at(timezone.now()),
        kind=kind,
        actor=request.user.pk,
        authority=child.authority if child else "",
        child=child.pk if child else None,
        detail={"shown": list(detail)},
        seal=b"",
    )


# What is filled in: whether a control is checked, and what was typed.
_HOLE = re.compile(r"\[\[(\w+)\]\]")


@cache
def _cards() -> dict[str, list[str]]:
    """Each indicator's card, cut where something is filled in: text, hole, text, hole ... text."""
    return {
        indicator.id: _HOLE.split(render_to_string("floor/card.html", {"indicator": indicator}))
        for indicator in load_instrument(INSTRUMENT).indicators
    }


def _filled(card: list[str], rated: dict[str, Any]) -> str:
    values = {name: " checked" for name in ("cce", "cse") if rated.get(name)}
    values |= {rated.get("level", ""): " checked", "note": escape(rated.get("note", ""))}
    return "".join(values.get(part, "") if place % 2 else part for place, part in enumerate(card))
