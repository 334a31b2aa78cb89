"""The front door's work list of records that may be of one child: compare, decide, merge, undo."""

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.entering import NotPossible
from cre_toolkit.casework.ends import merging
from cre_toolkit.children import access, duplicates, pairs
from cre_toolkit.children.actions import Changed
from cre_toolkit.children.merging import TEXTS, differing, taken_by_default
from cre_toolkit.children.models import Child, Merge, PossibleDuplicate
from cre_toolkit.children.restriction import Refused
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.duplicates import DecisionForm, MergeForm, PairForm, UndoForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import posted_version, user_of
from cre_toolkit.web.typed import Typed
from cre_toolkit.web.views.children import compare
from cre_toolkit.web.views.children.describe import age_in_words
from cre_toolkit.web.views.children.viewers import WhoSees

State = PossibleDuplicate.State
DECIDED_MEANWHILE = "These two records have been decided about meanwhile. This is how they stand now."
MERGED_AGAIN = "One of these records was merged again since. Nothing was undone: undo that merge first."


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def work_list(request: HttpRequest) -> HttpResponse:
    """The pairs that wait, or those that were decided in one way or the other; POST pairs two by hand."""
    user = user_of(request)
    standing = access.standing_of(user)
    access.check(standing, access.Act.SETTLE_DUPLICATES)
    form = PairForm(standing, held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        one, other = form.found
        made = duplicates.pair_by_hand(by=user, one=one, other=other, why=form.cleaned_data["why"])
        return HttpResponseRedirect(reverse("duplicate", args=[made.reference]))
    asked = request.GET.get("show", "")
    state = State(asked) if asked in State.values else State.OPEN
    page = pairs.page_of(standing, state, request.GET.get("after", ""))
    shown = {child for pair in page.pairs for child in (pair.child_id, pair.other_id)}
    audit.record(by=user, kind="duplicates.viewed", children=shown, detail={"state": state})
    context = {
        "form": form,
        "state": state,
        "pairs": [(pair, compare.reasons(pair.reasons)) for pair in page.pairs],
        "after": page.after,
        "lists": [
            {
                "text": each.label,
                "href": reverse("duplicates") + ("" if each is State.OPEN else f"?show={each.value}"),
                "current": each is state,
            }
            for each in State
        ],
    }
    return TemplateResponse(
        request, "duplicates/list.html", context, status=422 if request.method == "POST" else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, reference: str) -> HttpResponse:
    """One pair: side by side while it waits or was said to be two children; what was merged where it was."""
    user = user_of(request)
    try:
        with transaction.atomic():
            found = pairs.find_pair(by=user, reference=reference)
            if request.method == "POST":
                return _decide(request, user, found)
            return _merged(request, found) if found.state == State.SAME else _compare(request, found)
    except duplicates.AlreadyDecided:
        return _decided_meanwhile(request, reference)


def _compare(
    request: HttpRequest,
    found: PossibleDuplicate,
    form: DecisionForm | None = None,
    *,
    typed: Sequence[Typed] = (),
) -> HttpResponse:
    one, other = compare.side(found.child), compare.side(found.other)
    seen = _seen(user_of(request), found)
    gone = bool(found.child.merged_into_id or found.other.merged_into_id)
    if form is None:
        asks = found.state in pairs.UNDECIDED and not gone
        form = _decision(found, held_forms.typed(request) if asks and not typed else None)
    context = {
        "pair": found,
        "reasons": compare.reasons(found.reasons),
        "sides": [(each, each.child.pk in seen) for each in (one, other)],
        "lines": compare.lines(one.answers, other.answers),
        "gone": gone,
        "form": form,
        "typed": typed,
    }
    status = 409 if typed else 422 if request.method == "POST" else 200
    return TemplateResponse(request, "duplicates/pair.html", context, status=status)


def _decision(found: PossibleDuplicate, typed: QueryDict | None) -> DecisionForm:
    return DecisionForm([found.child.reference, found.other.reference], typed)


def _seen(user: User, found: PossibleDuplicate) -> set[uuid.UUID]:
    """Which of the two records the user may open, besides comparing them."""
    seen = access.visible_to(user).filter(pk__in=[found.child_id, found.other_id])
    return set(seen.values_list("pk", flat=True))


def _decide(request: HttpRequest, user: User, found: PossibleDuplicate) -> HttpResponse:
    if request.POST.get("shown", found.state) != found.state or found.state == State.SAME:
        if _said_already(request, user, found):
            return HttpResponseRedirect(reverse("duplicates"))
        raise duplicates.AlreadyDecided
    if request.POST.get("then") == "reopen":
        duplicates.take_up_again(by=user, pair=found)
        messages.success(request, "The two records are on the work list again.")
        return HttpResponseRedirect(reverse("duplicate", args=[found.reference]))
    form = _decision(found, request.POST)
    if not form.is_valid():
        return _compare(request, found, form)
    if form.keep:
        address = reverse("duplicate-merge", args=[found.reference])
        return HttpResponseRedirect(f"{address}?keep={form.keep}")
    if form.cleaned_data["decision"] == State.DIFFERENT:
        duplicates.say_different(by=user, pair=found, why=form.cleaned_data["why"])
        messages.success(request, "Two different children. They will not be proposed again.")
    else:
        duplicates.leave_for_later(by=user, pair=found)
        messages.success(request, "Left for later. The pair is on a list of its own.")
    return HttpResponseRedirect(reverse("duplicates"))


def _said_already(request: HttpRequest, user: User, found: PossibleDuplicate) -> bool:
    """Whether this is the decision that stands: a button that was pressed twice."""
    why = request.POST.get("why", "").strip()
    return found.decided_by == user and found.state == request.POST.get("decision") and why in found.why


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, reference: str) -> HttpResponse:
    """Which record is right where they differ, and what follows; then the merge itself."""
    user = user_of(request)
    try:
        with transaction.atomic():
            found = pairs.find_pair(by=user, reference=reference)
            kept, other = _kept_first(found, request.GET.get("keep", ""))
            if found.state not in pairs.UNDECIDED or kept is None:
                return HttpResponseRedirect(reverse("duplicate", args=[reference]))
            if request.method != "POST":
                return _ask(request, found, kept, other)
            form = _merge_form(request, kept, other)
            if not form.is_valid():
                return _ask(request, found, kept, other, form)
            merging.merge(
                by=user,
                pair=found,
                kept=kept,
                take=form.take(),
                versions=(posted_version(request.POST, "kept"), posted_version(request.POST, "other")),
            )
    except duplicates.AlreadyDecided:
        return _decided_meanwhile(request, reference)
    except Changed:
        return _ask_again(
            request,
            reference,
            "Somebody has changed one of the two records since you opened this page, so nothing was merged. "
            "Look at what they say now, then merge.",
        )
    except merging.UnfinishedOnBoth as both:
        names = ", ".join(sorted({author.name for author in both.authors}))
        return _ask_again(
            request,
            reference,
            f"Nothing was merged: {names} has an unfinished assessment on each of the two records. Ask for "
            "one of them to be sent or discarded, then merge.",
        )
    except Refused as refused:
        return _ask_again(request, reference, f"Nothing was merged. {refused}")
    except NotPossible as problem:
        return _ask_again(
            request,
            reference,
            f"Nothing was merged: what was recorded on the two cannot be one case. {problem}. Withdraw"
            " what was recorded in error on either record, then merge.",
        )
    messages.success(request, "The two records are merged.")
    return HttpResponseRedirect(reverse("duplicate", args=[reference]))


def _kept_first(found: PossibleDuplicate, keep: str) -> tuple[Child | None, Child]:
    if keep == found.child.reference:
        return found.child, found.other
    return (found.other if keep == found.other.reference else None), found.child


def _merge_form(request: HttpRequest, kept: Child, other: Child) -> MergeForm:
    ours, theirs = compare.in_brief(kept), compare.in_brief(other)
    rows = [(name, compare.LABELS[name], ours[name], theirs[name]) for name in differing(kept, other)]
    return MergeForm(rows, taken_by_default(kept, other), request.POST if request.method == "POST" else None)


def _ask_again(request: HttpRequest, reference: str, error: str) -> HttpResponse:
    with transaction.atomic():
        found = pairs.find_pair(by=user_of(request), reference=reference)
        kept, other = _kept_first(found, request.GET.get("keep", ""))
        if kept is None:
            return HttpResponseRedirect(reverse("duplicate", args=[reference]))
        return _ask(request, found, kept, other, _merge_form(request, kept, other), error)


def _ask(
    request: HttpRequest,
    found: PossibleDuplicate,
    kept: Child,
    other: Child,
    form: MergeForm | None = None,
    error: str = "",
) -> HttpResponse:
    ours, theirs = compare.side(kept), compare.side(other)
    context = {
        "pair": found,
        "kept": ours,
        "other": theirs,
        "form": form or _merge_form(request, kept, other),
        "errors": [ErrorLink(error)] if error else [],
        "gain": _who_gains(ours, theirs),
        "texts": any(
            getattr(other, name) and getattr(other, name) not in getattr(kept, name) for name in TEXTS
        ),
        "back_url": reverse("duplicate", args=[found.reference]),
        "back_text": "Compare the two records",
    }
    status = 409 if error else 422 if form else 200
    return TemplateResponse(request, "duplicates/merge.html", context, status=status)


def _who_gains(ours: compare.Side, theirs: compare.Side) -> list[tuple[compare.Side, list[WhoSees]]]:
    """Of each record, who sees the other alone and will see what stands on this one."""
    gains = []
    for side, beside in ((ours, theirs), (theirs, ours)):
        already = {one.viewer.user.pk for one in side.people}
        gains.append((side, [one for one in beside.people if one.viewer.user.pk not in already]))
    return [(side, people) for side, people in gains if people]


def _merged(request: HttpRequest, found: PossibleDuplicate, *, typed: Sequence[Typed] = ()) -> HttpResponse:
    done = pairs.standing_merge(found)
    if done is None:
        raise access.NotVisible(found.reference)
    context = {
        "pair": found,
        "merges": [_in_words(done)],
        "kept": done.kept,
        "seen": done.kept_id in _seen(user_of(request), found),
        "typed": typed,
    }
    return TemplateResponse(request, "duplicates/merged.html", context, status=409 if typed else 200)


def _in_words(done: Merge) -> tuple[Merge, list[compare.Line]]:
    """A merge, and what both records say as they now stand."""
    return done, compare.lines(compare.answers(done.kept), compare.answers(done.merged))


@require_safe
@transaction.atomic
def of_child(request: HttpRequest, reference: str) -> HttpResponse:
    """The records that were merged into a child's, with what they said, for anybody who sees the child."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, kind="child.merged-viewed")
    context = {
        "child": child,
        "age": age_in_words(child),
        "merges": [_in_words(done) for done in pairs.merges_into(child)],
        "settles": access.may(access.standing_of(user), access.Act.SETTLE_DUPLICATES),
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    return TemplateResponse(request, "duplicates/of_child.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, reference: str) -> HttpResponse:
    """These were two children after all: what goes back and what stays, and why."""
    user = user_of(request)
    address = reverse("duplicate", args=[reference])
    try:
        with transaction.atomic():
            found = pairs.find_pair(by=user, reference=reference)
            done = pairs.standing_merge(found)
            if done is None and request.method == "POST":
                raise duplicates.AlreadyDecided
            if done is None:
                return HttpResponseRedirect(address)
            form = UndoForm(held_forms.typed(request), auto_id="%s")
            if request.method != "POST" or not form.is_valid():
                return _ask_why(request, found, done, form)
            left = merging.undo(by=user, merge=done, why=form.cleaned_data["why"])
    except duplicates.AlreadyDecided:
        return _decided_meanwhile(request, reference)
    except merging.ReviewOfTheOther as crossed:
        names = ", ".join(sorted({author.name for author in crossed.authors}))
        error = (
            f"Nothing was undone: {names} has an unfinished review, begun since the merge, which takes up an "
            "assessment of the other child. Ask for it to be discarded, then undo the merge."
        )
        with transaction.atomic():
            found = pairs.find_pair(by=user, reference=reference)
            return _ask_why(request, found, crossed.merge, form, error)
    except merging.LaterMerge:
        return _decided_meanwhile(request, reference, MERGED_AGAIN)
    messages.success(request, "The two records stand apart again, as they did before the merge.")
    if left:
        messages.info(
            request,
            f"Left as it is on record {done.kept.reference}, as somebody has changed it since the merge: "
            + ", ".join(sorted({compare.what(name) for name in left}))
            + ". Check it.",
        )
    return HttpResponseRedirect(address)


def _ask_why(
    request: HttpRequest, found: PossibleDuplicate, done: Merge, form: UndoForm, error: str = ""
) -> HttpResponse:
    context = {
        "pair": found,
        "merge": done,
        "form": form,
        "errors": [ErrorLink(error)] if error else [],
        "later": merging.later_merge(done),
        "since": list(merging.written_since(done)),
        "back_url": reverse("duplicate", args=[found.reference]),
        "back_text": "The two records",
    }
    status = 409 if error else 422 if request.method == "POST" else 200
    return TemplateResponse(request, "duplicates/undo.html", context, status=status)


def _decided_meanwhile(request: HttpRequest, reference: str, said: str = DECIDED_MEANWHILE) -> HttpResponse:
    """How the two records stand now, with the reason that was typed, to be copied: it is saved nowhere."""
    messages.info(request, said)
    why = request.POST.get("why", "").strip()
    if not why:
        return HttpResponseRedirect(reverse("duplicate", args=[reference]))
    typed = [Typed("How you know that they are two children", why)]
    with transaction.atomic():
        found = pairs.find_pair(by=user_of(request), reference=reference)
        show = _merged if found.state == State.SAME else _compare
        return show(request, found, typed=typed)
