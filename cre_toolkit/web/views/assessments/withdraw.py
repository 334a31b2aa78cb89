"""Withdrawing a sent assessment: what follows is said first, and afterwards who has to know."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import queries
from cre_toolkit.assessments.models import Record, Withdrawal
from cre_toolkit.casework.assessment import withdrawing
from cre_toolkit.children import access
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.assessments.withdraw import WithdrawForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.typed import typed_in
from cre_toolkit.web.views.assessments.sent import open_record, record_context


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """GET asks why and says what follows, or what followed; POST withdraws, once however often it is sent."""
    user = user_of(request)
    with transaction.atomic():
        record = open_record(user, reference, "assessment.withdrawal-viewed")
        if hasattr(record, "withdrawal"):
            return _withdrawn(request, user, record)
        if not withdrawing.may_withdraw(access.standing_of(user), record):
            raise access.NotAllowed(withdrawing.WHOSE)
        danger = bool(withdrawing.dangers_standing(record))
        form = WithdrawForm(held_forms.typed(request), danger=danger)
        if request.method != "POST" or not form.is_valid():
            context = record_context(record) | {"form": form}
            status = 422 if request.method == "POST" else 200
            return TemplateResponse(request, "assessments/withdraw.html", context, status=status)
        said = form.cleaned_data
        withdrawing.withdraw(
            by=user,
            record=record,
            category=Withdrawal.Category(said["category"]),
            words=said["words"],
            danger_too=said.get("danger_too", False),
        )
        return HttpResponseRedirect(_after(request, user, reference))


def _after(request: HttpRequest, user: User, reference: str) -> str:
    """What was withdrawn, where the person still sees it: a child whose level fell may be out of sight."""
    try:
        queries.record(user, reference)
    except access.NotVisible:
        messages.success(
            request,
            f"The assessment {reference} is withdrawn. Whoever was told of it by e-mail is told of this. "
            "You saw this child’s record because of the level, and no longer do.",
        )
        return reverse("home")
    return reverse("assessment-withdraw", args=[reference])


def _withdrawn(request: HttpRequest, user: User, record: Record) -> HttpResponse:
    wrong_child = record.withdrawal.category == Withdrawal.Category.WRONG_CHILD
    context = record_context(record) | {
        "told": withdrawing.told_of(record.withdrawal),
        # Somebody else was quicker, with other words.
        "typed": [] if _same(request, record.withdrawal) else typed_in(request.POST),
        "wrong_child": wrong_child,
        "right_child_url": reverse("assessment-right-child", args=[record.assessment.reference]),
        "may_start_again": wrong_child and record.author_id == user.pk and not record.assessment.transcribed,
    }
    return TemplateResponse(request, "assessments/withdrawn.html", context)


def _same(request: HttpRequest, withdrawal: Withdrawal) -> bool:
    """Whether what was sent is the withdrawal that stands: the button was pressed twice."""
    return request.POST.get("words", "").strip() == withdrawal.words
