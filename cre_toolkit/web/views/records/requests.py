"""Subject access: requests for what is held about a child, leaving words out, checking, and the answer."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.children import access
from cre_toolkit.records import redacting, subject_access
from cre_toolkit.records.collecting import stored
from cre_toolkit.records.models import Redaction, SubjectAccess
from cre_toolkit.records.subject_access import NotNow
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.subject_access import EVERYWHERE, ExtendForm, LeaveOutForm, RequestForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required
from cre_toolkit.web.typed import left_over
from cre_toolkit.web.views.documents import download


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def work_list(request: HttpRequest) -> HttpResponse:
    """The requests that wait, or those answered; POST enters one and collects all that is held."""
    user = user_of(request)
    answered = request.GET.get("show") == "answered"
    found = subject_access.requests_of(by=user, answered=answered)
    form = RequestForm(held_forms.typed(request))
    if request.method == "POST" and form.is_valid() and (made := _opened(user, request, form)):
        return HttpResponseRedirect(reverse("request", args=[made.reference]))
    context = {
        "answered": answered,
        "rows": [_row(each) for each in found],
        "heads": ("Request", "Came on", "Answer by", "How it stands"),
        "form": form,
        "form_id": uuid.uuid4(),
        "lists": [
            {"text": "To answer", "href": reverse("requests"), "current": not answered},
            {"text": "Answered", "href": f"{reverse('requests')}?show=answered", "current": answered},
        ],
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "records/requests.html", context, status=status)


def _opened(user: User, request: HttpRequest, form: RequestForm) -> SubjectAccess | None:
    said = form.cleaned_data
    try:
        form_id = uuid.UUID(request.POST.get("form_id", ""))
    except ValueError:
        form_id = uuid.uuid4()
    try:
        return subject_access.open_request(
            by=user,
            reference=said["reference"],
            received_on=said["received_on"],
            asked_by=said["asked_by"],
            form_id=form_id,
        )
    except access.NotVisible:
        form.add_error("reference", "No record of your authority has this reference. Check it")
        return None


def _row(each: SubjectAccess) -> tuple[tuple[str, str], str, str, str]:
    stands = f"Approved by {each.approved_by}" if each.approved_by else "To answer"
    day = "%-d %B %Y"
    due = subject_access.due_on(each)
    return (
        (each.reference, reverse("request", args=[each.reference])),
        f"{each.received_on:{day}}",
        f"{due:{day}}",
        stands,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """All that was collected, line by line, with what is left out; POST takes two more months."""
    user = user_of(request)
    found = subject_access.find_request(by=user, reference=reference)
    form = ExtendForm(held_forms.typed(request)) if not found.extended_why and not found.approved_at else None
    if request.method == "POST" and form and form.is_valid():
        subject_access.extend(by=user, request=found, why=form.cleaned_data["why"])
        messages.success(request, "Two more months.")
        return HttpResponseRedirect(request.path)
    redactions = _redactions(found)
    left = redacting.left_out(redactions)
    lines = redacting.flattened(stored(found.lines), left)
    numbers = {each.line for each in left}
    context = {
        "found": found,
        "due": subject_access.due_on(found),
        "lines": [(number, line, number in numbers) for number, line in enumerate(lines)],
        "left": len(left),
        "form": form,
        "typed": left_over(request.POST, form),
        "back_url": reverse("requests"),
        "back_text": "Requests for what is held",
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "records/request.html", context, status=status)


def _redactions(found: SubjectAccess) -> list[Redaction]:
    return list(found.redactions.select_related("by", "taken_back_by").order_by("at"))


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def line_page(request: HttpRequest, reference: str, line: int) -> HttpResponse:
    """One line as it is held, what of it is left out and why; POST leaves words out, or puts them back."""
    user = user_of(request)
    found = subject_access.find_request(by=user, reference=reference)
    lines = stored(found.lines)
    if line >= len(lines) or lines[line].level:
        raise access.NotVisible(reference)
    redactions = [each for each in _redactions(found) if each.line == line]
    back = request.POST.get("put_back", "")
    form = None if found.approved_at else LeaveOutForm(None if back else held_forms.typed(request))
    if request.method == "POST" and (
        _put_back(user, redactions, back) if back else _left(user, found, line, form)
    ):
        return HttpResponseRedirect(request.path)
    context = {
        "found": found,
        "line": lines[line],
        "redactions": [(each, redacting.STATUTE[Redaction.Reason(each.reason)]) for each in redactions],
        "form": form,
        "typed": left_over(request.POST, form),
        "back_url": f"{reverse('request', args=[reference])}#line-{line}",
        "back_text": "All lines",
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "records/line.html", context, status=status)


def _put_back(user: User, redactions: list[Redaction], which: str) -> bool:
    for each in redactions:
        if str(each.pk) == which:
            subject_access.put_back(by=user, redaction=each)
            return True
    return False


def _left(user: User, found: SubjectAccess, line: int, form: LeaveOutForm | None) -> bool:
    if form is None or not form.is_valid():
        return False
    said = form.cleaned_data
    try:
        subject_access.leave_out(
            by=user,
            request=found,
            line=line,
            words=said["words"],
            reason=Redaction.Reason(said["reason"]),
            why=said["why"],
            everywhere=said["what"] == EVERYWHERE,
        )
    except NotNow as refused:
        form.add_error("words", str(refused))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """For the second person: everything that is left out, with the words and the reasons, to approve."""
    user = user_of(request)
    found = subject_access.find_request(by=user, reference=reference)
    redactions = _redactions(found)
    if request.method == "POST":
        return _approve(request, found)
    lines = stored(found.lines)
    context = {
        "found": found,
        "left": [(each, lines[each.line]) for each in redactions if not each.taken_back_at],
        "own": user.pk == found.by_id
        or any(user.pk in (each.by_id, each.taken_back_by_id) for each in redactions),
        "back_url": reverse("request", args=[reference]),
        "back_text": "All lines",
    }
    return TemplateResponse(request, "records/request_check.html", context)


@fresh_sign_in_required
def _approve(request: HttpRequest, found: SubjectAccess) -> HttpResponse:
    try:
        subject_access.approve(by=user_of(request), request=found)
    except NotNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "Approved. The answer can be fetched now.")
    return HttpResponseRedirect(reverse("request", args=[found.reference]))


@require_safe
def answer_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The approved answer as PDF: what was left out is not in the file."""
    with transaction.atomic():
        # To whoever may not see it, it does not exist, before anything is asked of them.
        subject_access.find_request(by=user_of(request), reference=reference)
    return _fetched(request, reference)


@fresh_sign_in_required
def _fetched(request: HttpRequest, reference: str) -> HttpResponse:
    with transaction.atomic():
        kind = "subject-access.pdf-downloaded"
        found = subject_access.find_request(by=user_of(request), reference=reference, kind=kind)
        if found.approved_at is None:
            raise access.NotAllowed("This answer has not been checked by a second person yet.")
        try:
            subject_access.check_is_of_one_child(found)
        except NotNow as refused:
            raise access.NotAllowed(str(refused)) from None
        document = redacting.answer(found, _redactions(found))
    return download(document, "pdf", f"answer-{found.reference}")
