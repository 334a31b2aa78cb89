"""How long records are kept: the lists of the keepers, one record's time, and its end by two people."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.children.models import Child
from cre_toolkit.records import keeping, queries, reviewing
from cre_toolkit.records.models import Destruction
from cre_toolkit.records.queries import List
from cre_toolkit.records.schedule import Kept, schedule
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.retention import DESTROY, EndHoldForm, HoldForm, ReviewForm, SecondForm
from cre_toolkit.web.paging import page_asked_for
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required
from cre_toolkit.web.typed import left_over

# What each list is called, what its last column says, and what it says when it is empty.
LISTS = {
    List.OVER: ("Time is over", "The time of no record is over."),
    List.UNKNOWN: ("Cannot be counted", "The time of every record can be counted."),
    List.HELD: ("On legal hold", "No record is on legal hold."),
    List.PROPOSED: ("Proposed", "Nobody has proposed that a record is destroyed."),
    List.DONE: ("Destroyed", "No record has been destroyed."),
}


@require_safe
@transaction.atomic
def lists(request: HttpRequest) -> HttpResponse:
    """The records of the authority whose time is over, by their references; and those on the way."""
    asked = request.GET.get("show", "")
    which = List(asked) if asked in LISTS else List.OVER
    number = page_asked_for(request)
    found = queries.keepers_page(by=user_of(request), which=which, page=number)
    context = {
        "title": LISTS[which][0],
        "empty": LISTS[which][1],
        "heads": ("Record", "Kept until", "How it stands"),
        "rows": [_row(row) for row in found.rows],
        "lists": [
            {
                "text": text,
                "href": reverse("records") + ("" if each is List.OVER else f"?show={each}"),
                "current": each is which,
            }
            for each, (text, _) in LISTS.items()
        ],
        "next": f"?show={which}&page={number + 1}" if found.more else "",
        "classes": schedule().classes,
        "since": schedule().holds_from,
    }
    return TemplateResponse(request, "records/lists.html", context)


def _row(row: queries.Row) -> tuple[tuple[str, str], str, str]:
    where = (
        reverse("records-destruction", args=[row.certificate])
        if row.certificate
        else reverse("records-child", args=[row.reference])
    )
    return (row.reference, where), _day(row), row.words


def _day(row: queries.Row) -> str:
    return date_format(row.until, "j F Y") if row.until else "Not known"


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def of_child(request: HttpRequest, reference: str) -> HttpResponse:
    """How long one record is kept and why; where its time is over, what is to become of it."""
    user = user_of(request)
    child = queries.find_kept(by=user, reference=reference)
    kept = keeping.count(child)
    form = ReviewForm(held_forms.typed(request)) if _is_over(child) else None
    if request.method == "POST" and form and form.is_valid() and _reviewed(request, user, child, form):
        return HttpResponseRedirect(request.path)
    context = {
        "child": child,
        "until": keeping.kept_to(child, kept),
        "heads": ("Because", "Until", "Source"),
        "kept": [_kept_row(each) for each in kept],
        "hold": queries.hold_of(child),
        "reviews": queries.reviews_of(child),
        "destruction": reviewing.open_for(child),
        "form": form,
        "typed": left_over(request.POST, form),
        "back_url": reverse("records"),
        "back_text": "Keeping records",
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "records/child.html", context, status=status)


def _is_over(child: Child) -> bool:
    """Whether there is something to decide: its time is over, it is not held, nobody has proposed its end."""
    try:
        reviewing.over_since(child)
    except reviewing.NotNow:
        return False
    return reviewing.open_for(child) is None


def _kept_row(kept: Kept) -> tuple[str, str, str]:
    until = date_format(kept.until, "j F Y") if kept.until else "No date of birth is known"
    return kept.by.name, until, kept.by.source


def _reviewed(request: HttpRequest, user: User, child: Child, form: ReviewForm) -> bool:
    said = form.cleaned_data
    try:
        if said["decision"] == DESTROY:
            reviewing.propose(by=user, child=child, why=said["why"])
            messages.success(request, "Proposed. Somebody else decides now.")
        else:
            reviewing.keep_longer(by=user, child=child, until=said["until"], why=said["why"])
            messages.success(request, f"Kept until {date_format(said['until'], 'j F Y')}.")
    except reviewing.NotNow as refused:
        form.add_error(None, str(refused))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def hold(request: HttpRequest, reference: str) -> HttpResponse:
    """Put a record on legal hold; or end the hold, where it is on one."""
    user = user_of(request)
    child = queries.find_kept(by=user, reference=reference)
    held = queries.hold_of(child)
    typed = held_forms.typed(request)
    form: HoldForm | EndHoldForm = EndHoldForm(typed) if held else HoldForm(typed)
    # Of two tabs, the second must not undo what the first has done.
    meant = request.POST.get("shown", "") == ("held" if held else "")
    if request.method == "POST" and form.is_valid() and meant:
        why = form.cleaned_data["why"]
        if held:
            reviewing.end_hold(by=user, child=child, why=why)
            messages.success(request, "The legal hold has ended.")
        else:
            reviewing.put_on_hold(by=user, child=child, why=why)
            messages.success(request, "The record is on legal hold. Nothing of it is destroyed.")
        return HttpResponseRedirect(reverse("records-child", args=[reference]))
    context = {
        "child": child,
        "hold": held,
        "form": form,
        "back_url": reverse("records-child", args=[reference]),
        "back_text": "How long this record is kept",
    }
    status = 200 if request.method != "POST" else 422 if meant else 409
    return TemplateResponse(request, "records/hold.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def destruction(request: HttpRequest, reference: str) -> HttpResponse:
    """What was proposed, for a second person to decide; once it has been carried out, its certificate."""
    found = queries.find_destruction(by=user_of(request), reference=reference)
    form = _second(user_of(request), found, held_forms.typed(request))
    if request.method == "POST" and form and form.is_valid():
        return _decide(request, found, form)
    return _end(request, found, form)


@fresh_sign_in_required
def _decide(request: HttpRequest, found: Destruction, form: SecondForm) -> HttpResponse:
    if _decided(request, found, form):
        return HttpResponseRedirect(request.path)
    return _end(request, found, form)


def _end(request: HttpRequest, found: Destruction, form: SecondForm | None) -> HttpResponse:
    context = {
        "destruction": found,
        "rows": found.contents.get("rows", {}).items(),
        "assessments": found.contents.get("assessments", []),
        "form": form,
        "typed": left_over(request.POST, form),
        "own": found.proposed_by_id == user_of(request).pk,
        "back_url": reverse("records"),
        "back_text": "Keeping records",
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "records/destruction.html", context, status=status)


def _second(user: User, found: Destruction, typed: QueryDict | None) -> SecondForm | None:
    if found.done_at or found.refused_at:
        return None
    may_approve = not found.approved_at and found.proposed_by_id != user.pk
    return SecondForm(typed, may_approve=may_approve)


def _decided(request: HttpRequest, found: Destruction, form: SecondForm) -> bool:
    user, said = user_of(request), form.cleaned_data
    try:
        if said["decision"] == SecondForm.APPROVE:
            reviewing.approve(by=user, destruction=found)
            messages.success(request, "Approved. The record goes at the next run.")
        else:
            reviewing.refuse(by=user, destruction=found, why=said["why"])
            messages.success(request, "The record stays.")
    except reviewing.NotNow as refused:
        form.add_error(None, str(refused))
        return False
    return True
