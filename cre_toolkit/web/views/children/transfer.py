"""Giving a child to another authority: to ask, to answer, to remind, to take back."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.models import Transfer
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.casework.transfer import transferring
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.ends import WhyForm
from cre_toolkit.web.forms.children.transfer import TransferForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words

KIND = "child.ends-viewed"
Answer = Callable[..., None]
# What a button does, by its value, and what is said afterwards.
ANSWERS: dict[str, tuple[Answer, str]] = {
    "receive": (
        transferring.receive,
        "Your authority is responsible for the child. Say now who the worker is.",
    ),
    "decline": (transferring.decline, "The transfer is declined. The other authority is told why."),
    "take-back": (transferring.take_back, "The transfer is taken back. Your authority stays responsible."),
    "confirm": (transferring.confirm, "The other authority is responsible. The case is closed here."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def transfer(request: HttpRequest, reference: str) -> HttpResponse:
    """What waits for an answer, with the buttons of whoever may answer; else the form to ask."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind=KIND, standing=standing)
    waiting = transfers.waiting_of(child)
    asks, receives = _roles(standing, child, waiting)
    if not (asks or receives):
        raise access.NotAllowed(
            "A transfer is for the managers of the authority that is responsible, and for those who receive "
            "children for the authority that is asked. Ask one of them."
        )
    if waiting:
        return _waiting(request, user, child, waiting, asks=asks, receives=receives)
    if not asks:
        return _answer(request, "ends/transfers_past.html", child, {"past": _past(child)})
    form = TransferForm(child.authority, held_forms.typed(request))
    errors = []
    if request.method == "POST" and form.is_valid():
        try:
            transferring.ask(by=user, child=child, **form.asked)
        except transferring.Refused as refused:
            errors = [ErrorLink(str(refused))]
        else:
            messages.success(request, "Asked. Your authority is responsible until the other says that it is.")
            return HttpResponseRedirect(request.path)
    context = {"form": form, "errors": errors, "past": _past(child)}
    return _answer(request, "ends/transfer.html", child, context)


def _past(child: Child) -> list[tuple[Transfer, str]]:
    return [(one, transfers.name_of(one)) for one in transfers.settled_of(child)]


def _roles(standing: access.Standing, child: Child, waiting: Transfer | None) -> tuple[bool, bool]:
    """Whether somebody may ask for this child, and whether they may receive them."""
    asks = transfers.may_ask(standing, child)
    if waiting:
        return asks, transfers.may_receive(standing, waiting)
    return asks, child.authority in standing.authorities(access.Act.RECEIVE_TRANSFER)


def _question(waiting: Transfer, *, receives: bool, declined: bool) -> dict[str, str]:
    """The one question, by what can be answered: a receipt, or that it is taken back."""
    if receives:
        missing = "why you decline" if declined else "what happens next"
        asked = ("What happens next, or why not?", missing, "The other authority reads this.")
    elif waiting.to:
        asked = ("Why is it taken back?", "why it is taken back", "A reminder needs no words.")
    else:
        asked = ("Who confirmed it and when, or why is it taken back?", "who confirmed it and when", "")
    return dict(zip(("label", "called", "hint"), asked, strict=True))


def _waiting(
    request: HttpRequest, user: User, child: Child, waiting: Transfer, *, asks: bool, receives: bool
) -> HttpResponse:
    then = request.POST.get("then", "")
    question = _question(waiting, receives=receives, declined=then == "decline")
    form = WhyForm(held_forms.typed(request), **question)
    errors = []
    try:
        if request.method == "POST" and then == "chase":
            done = transferring.chase(by=user, child=child)
            messages.success(request, "Reminded." if done else "They were reminded less than a day ago.")
            return HttpResponseRedirect(request.path)
        if request.method == "POST" and then in ANSWERS and form.is_valid():
            act, said = ANSWERS[then]
            act(by=user, child=child, words=form.cleaned_data["words"])
            messages.success(request, said)
            return HttpResponseRedirect(_next(user, child, then))
    except transferring.Refused as refused:
        errors = [ErrorLink(str(refused))]
    context = {
        "form": form,
        "errors": errors,
        "transfer": waiting,
        "name": transfers.name_of(waiting),
        "from_name": transfers.authority_name(waiting.from_authority),
        "asks": asks,
        "receives": receives,
    }
    return _answer(request, "ends/transfer_waiting.html", child, context)


def _next(user: User, child: Child, then: str) -> str:
    """Where somebody goes on: whoever receives names the worker, as nobody is one now."""
    if not access.visible_to(user).filter(pk=child.pk).exists():
        return reverse("home")
    if then == "receive" and access.may(access.standing_of(user), access.Act.EDIT_CHILD):
        return reverse("child-edit", args=[child.reference, "workers"])
    return reverse("child", args=[child.reference])


@require_safe
@transaction.atomic
def work_list(request: HttpRequest) -> HttpResponse:
    """The children whom one's authority is asked to receive, and those whom another has not received yet."""
    user = user_of(request)
    standing = access.standing_of(user)
    to_receive, not_received = transfers.to_receive(standing), transfers.not_received(standing)
    if to_receive is None and not_received is None:
        raise access.NotAllowed(
            "Your roles do not include this. Your account page lists what they do include."
        )
    lists = {
        name: [] if rows is None else list(rows.select_related("child", "by").order_by("asked_at"))
        for name, rows in (("to_receive", to_receive), ("not_received", not_received))
    }
    audit.record(
        by=user,
        kind="transfers.viewed",
        children={one.child_id for rows in lists.values() for one in rows},
    )
    context = {
        **{name: [_named(one) for one in rows] for name, rows in lists.items()},
        "receives": to_receive is not None,
        "asks": not_received is not None,
        "back_url": reverse("home"),
        "back_text": "Home",
    }
    return TemplateResponse(request, "ends/transfers.html", context)


def _named(one: Transfer) -> tuple[Transfer, str, str]:
    """A transfer with what both authorities are called."""
    return one, transfers.name_of(one), transfers.authority_name(one.from_authority)


def _answer(request: HttpRequest, template: str, child: Child, context: dict[str, object]) -> HttpResponse:
    context |= {
        "child": child,
        "age": age_in_words(child),
        "authority": transfers.authority_name(child.authority),
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    return TemplateResponse(request, template, context, status=422 if request.method == "POST" else 200)
