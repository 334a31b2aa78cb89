"""Who has looked at a child's record: for those responsible for the child."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from cre_toolkit.children import access
from cre_toolkit.children import looks as queries
from cre_toolkit.children.looks import Look
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words

HEADS = ("When", "Who", "Agency", "What")


@require_safe
@transaction.atomic
def looks(request: HttpRequest, reference: str) -> HttpResponse:
    """Each look and each refusal, the newest first; the look at this page is one of them."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind="child.looks-viewed", standing=standing)
    before = request.GET.get("before", "")
    lists = "lists" in request.GET
    page = queries.page_of(standing, child, older_than=before, lists=lists)
    context = {
        "child": child,
        "age": age_in_words(child),
        "heads": HEADS,
        "rows": [_row(look) for look in page.looks],
        "further": before != "",
        "which": [
            {"text": "Pages, searches and refusals", "href": "?", "current": not lists},
            {"text": "Daily lists too", "href": "?lists", "current": lists},
        ],
        "first": "?lists" if lists else "?",
        "older": f"?{'lists&' if lists else ''}before={page.older_than}" if page.older_than else "",
        "back_url": reverse("child-access", args=[child.reference]),
        "back_text": "Who can see this record",
    }
    return TemplateResponse(request, "children/looks.html", context)


def _row(look: Look) -> Sequence[Any]:
    when = date_format(timezone.localtime(look.event.at), "j M Y, H:i:s")
    if look.who is None:
        return when, "The service, or somebody not signed in", "", look.what
    agency = str(look.who.agency) if look.who.agency else ""
    return when, format_html("<bdi>{}</bdi>", look.who.name), agency, _what(look)


def _what(look: Look) -> Any:
    if look.broken:
        return format_html(
            '{}<br><strong class="govuk-tag govuk-tag--orange">By break-glass</strong>', look.what
        )
    if look.refused:
        return format_html('{}<br><strong class="govuk-tag govuk-tag--grey">Refused</strong>', look.what)
    return look.what
