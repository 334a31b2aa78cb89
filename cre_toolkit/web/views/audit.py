"""The audit trail, for those who may ask it: who looked at a record, who changed what, who tried to.

A question is typed into a form and posted; the address that answers it carries references and ids alone.
"""

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit import queries
from cre_toolkit.audit.kinds import KINDS
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access
from cre_toolkit.children import trail as policy
from cre_toolkit.children.models import Child
from cre_toolkit.ids import is_reference
from cre_toolkit.web.csv_files import csv_file
from cre_toolkit.web.forms.trail import NotAQuestion, Question, TrailForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required

HEADS = ("When", "Who", "What", "Child", "More")
HEADS_OF_FILE = (
    "When (UTC)",
    "Who",
    "Who (id)",
    "Kind",
    "What",
    "Child",
    "Children on a list",
    "Of what",
    "Of which (id)",
    "Authority",
    "More",
    "Event (id)",
)
MOST_IN_A_FILE = 10_000

People = Mapping[uuid.UUID, User]
References = Mapping[uuid.UUID, str]


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def trail(request: HttpRequest) -> HttpResponse:
    """The form, and below it the events that answer it, the newest first."""
    user = user_of(request)
    standing = access.standing_of(user)
    policy.check(standing)
    names_a_child = not policy.reads_all(standing)
    if request.method == "POST":
        form = TrailForm(request.POST, auto_id="%s", names_a_child=names_a_child)
        if form.is_valid() and _may_ask(user, standing, form):
            return HttpResponseRedirect(f"{reverse('audit')}?{form.question().address()}#events")
        return TemplateResponse(request, "audit/trail.html", {"form": form, "names_a_child": names_a_child})
    question = _question(request)
    form = TrailForm(auto_id="%s", names_a_child=names_a_child, initial=_typed(question))
    context: dict[str, Any] = {"form": form, "names_a_child": names_a_child}
    if names_a_child and not question.child:
        return TemplateResponse(request, "audit/trail.html", context)
    child, events = _asked(standing, question)
    page = queries.page_of(events, older_than=_before(events, request.GET.get("before", "")))
    _note(user, "audit.searched", question, child)
    people = policy.people_in(page.events)
    references = policy.references_in(page.events, standing, child)
    context |= {
        "heads": HEADS,
        "rows": [_row(event, people, references) for event in page.events],
        "asked": bool(question.parts()),
        "further": request.GET.get("before", "") != "",
        "first": f"?{question.address()}",
        "older": page.older_than and f"?{question.address(before=str(page.older_than.pk))}",
        "file": f"{reverse('audit-csv')}?{question.address()}",
        "most": MOST_IN_A_FILE,
    }
    return TemplateResponse(request, "audit/trail.html", context)


@require_safe
@fresh_sign_in_required
def trail_csv(request: HttpRequest) -> HttpResponse:
    """The same events as a file, as many as a file holds: that it was fetched is an event too."""
    with transaction.atomic():
        user = user_of(request)
        standing = access.standing_of(user)
        policy.check(standing)
        question = _question(request)
        child, asked = _asked(standing, question)
        page = queries.page_of(asked, size=MOST_IN_A_FILE)
        _note(user, "audit.exported", question, child, events=len(page.events))
        people = policy.people_in(page.events)
        references = policy.references_in(page.events, standing, child)
    rows = [_line(event, people, references) for event in page.events]
    if page.older_than:
        said = f"Older events are left out: a file holds {MOST_IN_A_FILE:,}. Ask about a shorter time."
        rows.append([said, *[""] * (len(HEADS_OF_FILE) - 1)])
    return HttpResponse(
        csv_file(HEADS_OF_FILE, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="audit-{timezone.localdate()}.csv"'},
    )


# --- Asking -------------------------------------------------------------------------------------------------


def _question(request: HttpRequest) -> Question:
    try:
        return Question.of({name: value for name, value in request.GET.items() if isinstance(value, str)})
    except NotAQuestion:
        raise Http404 from None


def _may_ask(user: User, standing: access.Standing, form: TrailForm) -> bool:
    """Whether the child who was typed may be asked about; where not, the form says so and the trail knows."""
    reference = form.cleaned_data["child"]
    try:
        if reference:
            policy.child_asked_about(standing, reference)
    except access.NotVisible:
        tried = access.child_of(reference)
        audit.record(
            by=user,
            kind="access.not-visible",
            children=[tried] if tried else (),
            detail={
                "route": "audit",
                "method": "POST",
                "reference": reference if is_reference(reference) else "",
            },
        )
        form.add_error("child", "No child of this reference about whom you may ask: check how it is spelled")
        return False
    return True


def _asked(standing: access.Standing, question: Question) -> tuple[Child | None, QuerySet[Event]]:
    """The child whom a question is about, and the events that answer it."""
    child = policy.child_asked_about(standing, question.child) if question.child else None
    events = policy.events(standing, child)
    if question.user:
        events = events & queries.of_user(question.user)
    if question.kind:
        events = events & queries.of_kind(question.kind)
    if question.begins:
        events = events & queries.from_moment(question.begins)
    if question.ends:
        events = events & queries.before_moment(question.ends)
    return child, events


def _before(events: QuerySet[Event], asked: str) -> Event | None:
    """The event from which older ones are asked for: one of the answer, or there is no such page."""
    if not asked:
        return None
    try:
        found = events.filter(pk=int(asked)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _note(user: User, kind: str, question: Question, child: Child | None, **more: int) -> None:
    """That the trail was read is on the trail: by whom, about whom, by what."""
    audit.record(
        by=user,
        kind=kind,
        authority=child.authority if child else "",
        child=child.pk if child else None,
        subject_kind="user" if question.user else "",
        subject=question.user,
        detail={"by": sorted(question.parts())} | more,
    )


def _typed(question: Question) -> dict[str, Any]:
    """The question as the form shows it again."""
    person = User.objects.filter(pk=question.user).first() if question.user else None
    return question.parts() | {
        "email": person.email if person else "",
        "since": question.since,
        "until": question.until,
    }


# --- Showing ------------------------------------------------------------------------------------------------


def _who(event: Event, people: People) -> str:
    """Who did it."""
    if event.actor and event.actor in people:
        return people[event.actor].name
    return "Somebody not signed in" if event.kind.startswith("account.") else "The service itself"


def _about(event: Event, references: References) -> str:
    """The child, or how many stood on the list."""
    if event.child:
        return references.get(event.child, "Of another authority")
    several = len(event.children.all())
    return f"On a list of {several}" if several else ""


def _more(event: Event, people: People) -> str:
    """What the event says besides, in its own codes."""
    told = {name: value for name, value in event.detail.items() if value not in ("", [], None)}
    if "users" in told:
        told["users"] = [people[user].name for user in policy.users_told(event) if user in people]
    said = [f"{name}: {_plain(value)}" for name, value in told.items()]
    if event.subject and event.subject != event.actor and event.subject in people:
        said.insert(0, f"user: {people[event.subject].name}")
    return "; ".join(said)


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _row(event: Event, people: People, references: References) -> Sequence[Any]:
    about: str | tuple[str, str] = _about(event, references)
    if event.child and event.child in references:
        about = (references[event.child], f"?{Question(child=references[event.child]).address()}")
    when = date_format(timezone.localtime(event.at), "j M Y, H:i:s")
    # After the semicolon a kind says what else is told; that stands in the last column.
    what = KINDS.get(event.kind, event.kind).partition(";")[0]
    return (when, _who(event, people), what, about, _more(event, people))


def _line(event: Event, people: People, references: References) -> Sequence[object]:
    return (
        event.at.astimezone(datetime.UTC).isoformat(),
        _who(event, people),
        event.actor,
        event.kind,
        KINDS.get(event.kind, event.kind),
        references.get(event.child, "") if event.child else "",
        len(event.children.all()) or "",
        event.subject_kind,
        event.subject,
        event.authority,
        json.dumps(event.detail, sort_keys=True, ensure_ascii=False) if event.detail else "",
        event.pk,
    )
