"""The list of the authority's monitoring group: who is missing, who was lately, and the return interviews."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.missing.monitoring import OnTheList, counts, on_the_list
from cre_toolkit.children import access
from cre_toolkit.children.access import Act, Standing
from cre_toolkit.documents.dates import day_in_words, moment_in_words
from cre_toolkit.rules.loading import load_authority
from cre_toolkit.web.csv_files import csv_file
from cre_toolkit.web.forms.missing_list import DaysForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required

HEADS_NOW = ("Child", "Missing since", "Episodes", "Plan", "Return interviews before")
HEADS_BACK = ("Child", "Newest episode", "Episodes", "Plan", "Return interviews")
HEADS_OF_FILE = (
    "Reference",
    "Name",
    "Authority",
    "Missing since",
    "Returned",
    "How long",
    "Police reference",
    "Plan",
    "Return interview",
    "Interviewer’s agency",
    "Independent",
)


@require_safe
@transaction.atomic
def listed(request: HttpRequest) -> HttpResponse:
    """The list. A form that is wrong shows no list, and says what to mend."""
    user = user_of(request)
    standing = access.standing_of(user)
    authority = _authority(request, standing)
    form = DaysForm(request.GET)
    found = _read(user, standing, form, authority, "missing.listed") if form.is_valid() else []
    context = {
        "form": form,
        "groups": groups(standing),
        "authority": authority,
        "heads_now": HEADS_NOW,
        "heads_back": HEADS_BACK,
        "missing": [_row(one) for one in found if one.missing_since],
        "back": [_row(one) for one in found if not one.missing_since],
        "counts": counts(found),
        "first": form.first if form.is_valid() else None,
        "last": form.last if form.is_valid() else None,
        "file": f"{reverse('missing-csv')}?{request.GET.urlencode()}",
        "back_url": reverse("home"),
        "back_text": "Home",
    }
    return TemplateResponse(request, "missing/listed.html", context)


@require_safe
@fresh_sign_in_required
def listed_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file, an episode to a row. That it was fetched is an event about each child."""
    with transaction.atomic():
        user = user_of(request)
        standing = access.standing_of(user)
        authority = _authority(request, standing)
        form = DaysForm(request.GET)
        if not form.is_valid():
            raise Http404
        found = _read(user, standing, form, authority, "missing.exported")
    return HttpResponse(
        csv_file(HEADS_OF_FILE, [line for one in found for line in _lines(one)]),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="missing-{timezone.localdate()}.csv"'},
    )


def groups(standing: Standing) -> list[tuple[str, str]]:
    """The monitoring groups whose list somebody sees, each with the list's address."""
    packs = [
        load_authority(id_).on(timezone.localdate()) for id_ in standing.authorities(Act.MONITOR_MISSING)
    ]
    return [
        (pack.monitoring_group or f"{pack.name}: missing children", f"?authority={pack.id}") for pack in packs
    ]


def _authority(request: HttpRequest, standing: Standing) -> str:
    """The authority whose list is asked for; blank for all that the reader may see of."""
    if not access.may(standing, Act.MONITOR_MISSING_OF_TEAM):
        access.check(standing, Act.MONITOR_MISSING)
    asked = request.GET.get("authority", "")
    if asked and asked not in standing.authorities(Act.MONITOR_MISSING):
        raise access.NotVisible(asked)
    return asked


def _read(user: User, standing: Standing, form: DaysForm, authority: str, kind: str) -> list[OnTheList]:
    found = on_the_list(standing, form.first, form.last, authority)
    audit.record(by=user, kind=kind, authority=authority, children={one.child.pk for one in found})
    return found


def _row(one: OnTheList) -> Sequence[Any]:
    """A row of the page; the child's name leads to the record for whoever sees that."""
    name = f"{one.child.name} ({one.child.reference})"
    newest = one.episodes[0]
    lasted = f", for {newest.long}" if newest.until else ""
    outcomes = [f"{moment_in_words(at)}: {outcome}" for at, outcome in one.outcomes]
    return (
        (name, reverse("child-missing", args=[one.child.reference])) if one.seen else name,
        f"{'about ' if newest.missing.about else ''}{moment_in_words(newest.since)}{lasted}",
        str(one.counted),
        _plan(one),
        "; ".join(outcomes) or "None",
    )


def _plan(one: OnTheList) -> str:
    """Whether there is a plan against further episodes, and whether its review is overdue."""
    if one.plan is None:
        return "None"
    overdue = ", overdue" if one.plan.review_on < timezone.localdate() else ""
    return f"To be reviewed on {day_in_words(one.plan.review_on)}{overdue}"


def _lines(one: OnTheList) -> list[Sequence[object]]:
    """A line of the file for each episode."""
    return [
        (
            one.child.reference,
            one.child.name,
            one.child.authority,
            moment_in_words(episode.since),
            moment_in_words(episode.until) if episode.until else "",
            episode.long,
            episode.missing.police_reference,
            _plan(one),
            episode.outcome,
            episode.interviews[-1].get_provider_display() if episode.interviews else "",
            episode.interviews[-1].get_independent_display() if episode.interviews else "",
        )
        for episode in one.episodes
    ]
