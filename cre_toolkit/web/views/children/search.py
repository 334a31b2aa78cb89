"""Looking for a child before adding one. The name travels in the body of the request, never in an address."""

import re
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import queries as assessments
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.queries import pack_of
from cre_toolkit.children import access, break_glass_queries, queries, unseen
from cre_toolkit.children.matching import Sought, Why, tidy_reference
from cre_toolkit.children.queries import Found
from cre_toolkit.web import walks
from cre_toolkit.web.forms.children.search import SearchForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import authority_name

HEADS = ("Child", "Born", "Responsible authority", "Allocated worker", "Why this child is shown")

_REASONS = {
    Why.NHS_NUMBER: "Same NHS number",
    Why.REFERENCE: "Same reference",
    Why.NAME: "Same name",
    Why.KNOWN_AS: "Known by this name",
    Why.NAME_BEGINS: "A name begins in the same way",
    Why.PART_OF_NAME: "Part of the name is the same",
    Why.SOUNDS_LIKE: "Sounds like “{name}”",
    Why.SPELLED_LIKE: "Spelled much like “{name}”",
    Why.BORN: "Same date of birth",
    Why.BORN_SWAPPED: "Date of birth with day and month the other way round",
    Why.BORN_NEAR: "Date of birth differs by one digit",
    Why.ONE_NAME: "One of the names is the same or nearly",
    Why.POSTCODE: "Same postcode",
    Why.AGE_FITS: "The age fits",
    Why.SIBLINGS: "But perhaps a twin, brother or sister: the first name is different",
}


# A reference without its hyphen is known by its digits, which no name has.
_REFERENCE = re.compile(r"(?=.*[-0-9])[0-9a-z]{4}-?[0-9a-z]{6}", re.IGNORECASE | re.ASCII)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def search(request: HttpRequest) -> HttpResponse:
    """The form; and below it, after it was sent, who was found and the way to add a child.

    The reference of an assessment or a break-glass leads to it: the mail about it says nothing else.
    """
    user = user_of(request)
    standing = access.standing_of(user)
    access.check(standing, access.Act.SEARCH)
    form = SearchForm(request.POST if request.method == "POST" else None, auto_id="%s")
    context: dict[str, Any] = {"form": form, "may_add": access.may(standing, access.Act.ADD_CHILD)}
    if form.is_bound and form.is_valid():
        asked = sorted(name for name, value in form.cleaned_data.items() if value)
        sought, by_name = form.sought(), None
        if not sought.reference and (reference := _as_reference(form.cleaned_data["name"])):
            sought, by_name = Sought(reference=reference), sought
        identifier = sought.reference or sought.nhs_number
        result = queries.search(user, sought, standing)
        address = _elsewhere(user, sought.reference) if sought.reference and not result.found else ""
        hidden = [] if address else unseen.exactly(standing, sought)
        if by_name and not (result.found or address or hidden):
            sought, result = by_name, queries.search(user, by_name, standing)
        note_shown(request, "child.searched", result.found, asked)
        if address:
            return HttpResponseRedirect(address)
        if stopped := _stopped(request, sought, identifier, result.found):
            if not result.found:
                return stopped
            hidden = []
        if hidden:
            shown = [child.pk for child in hidden]
            audit.record(by=user, kind="child.existence-shown", children=shown, detail={"by": asked})
        context |= {
            "result": result,
            "heads": HEADS,
            "rows": [row(found, sought) for found in result.found],
            "unseen": [{"reference": child.reference, "pack": pack_of(child)} for child in hidden],
            "typed": typed(request),
        }
    return TemplateResponse(request, "children/search.html", context)


def _stopped(
    request: HttpRequest, sought: Sought, identifier: str, found: list[Found]
) -> HttpResponse | None:
    """The answer to whoever tries one after another, also where the next would tell that there is a record.

    They may see whom they see all the same.
    """
    if identifier:
        return None if found else walks.missed(request, identifier)
    born = sought.date_of_birth
    if born is None or any({Why.NAME, Why.BORN} <= set(one.weighed.why) for one in found):
        return None
    names = [" ".join(sorted(name.parts)) for name in sought.written if len(name.parts) > 1]
    stopped = [walks.birthday_missed(request, name, born) for name in names]
    return next(filter(None, stopped), None)


def _as_reference(typed: str) -> str:
    """What was typed as a name, as the reference that it may be; blank where it can be none."""
    return tidy_reference(typed) if _REFERENCE.fullmatch(typed.strip()) else ""


def _elsewhere(user: User, reference: str) -> str:
    """The address of what has that reference: an assessment as it was sent, one's own draft, a break-glass.

    Blank: not found. What the user may not see is not found either.
    """
    if break_glass_queries.concerns(user, reference):
        return reverse("break-glass", args=[reference])
    for find, page in ((assessments.record, "assessment-record"), (assessments.own, "assessment")):
        try:
            find(user, reference)
        except access.NotVisible:
            continue
        return reverse(page, args=[reference])
    return ""


def note_shown(request: HttpRequest, kind: str, found: list[Found], asked: list[str]) -> None:
    """Write to the audit which children a list showed, and by what they were asked for; no name of either."""
    shown = [one.pk for one in found]
    audit.record(by=user_of(request), kind=kind, children=shown, detail={"by": asked})


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, to be carried along by the next form."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]


def row(found: Found, sought: Sought) -> list[Any]:
    """One child who was found, as the cells of a table."""
    return [
        _link(found),
        _born(found),
        authority_name(found.authority),
        format_html("<bdi>{}</bdi>", found.worker or "None"),
        format_html(
            '<ul class="govuk-list">{}</ul>',
            format_html_join("", "<li>{}</li>", ((reason,) for reason in reasons(found, sought))),
        ),
    ]


def this_one(found: Found) -> SafeString:
    """The way to the record of the child who is the same."""
    return format_html(
        '<a class="govuk-link" href="{}">This is the child<span class="govuk-visually-hidden">: '
        "<bdi>{}</bdi></span></a>",
        reverse("child", args=[found.child.reference]),
        found.child.shown_name,
    )


def reasons(found: Found, sought: Sought) -> list[str]:
    """Why a child is a candidate, in words, the most telling first."""
    name = " or ".join(sought.names)
    said = [_REASONS[why].format(name=name) for why in found.weighed.why]
    return [*said, "On an earlier record, merged into this one"] if found.by_earlier_record else said


def _link(found: Found) -> SafeString:
    child = found.child
    known_as = format_html("<br>known as <bdi>{}</bdi>", child.known_as) if child.known_as else ""
    return format_html(
        '<a class="govuk-link" href="{}"><bdi>{}</bdi></a>{}',
        reverse("child", args=[child.reference]),
        child.shown_name,
        known_as,
    )


def _born(found: Found) -> str:
    if found.died_on:
        return f"{_age(found)}. Died on {date_format(found.died_on, 'j F Y')}"
    return _age(found)


def _age(found: Found) -> str:
    child = found.child
    if child.date_of_birth:
        return f"{date_format(child.date_of_birth, 'j F Y')}, aged {child.age}"
    return "Not known" if child.age is None else f"About {child.age}, estimated"
