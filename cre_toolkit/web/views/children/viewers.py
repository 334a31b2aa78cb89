"""Who can see a child's record, and why: for anybody who can see it themselves (toolkit.md, row F5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from cre_toolkit.children import access, break_glass_queries, looks
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.children.names import alphabetical
from cre_toolkit.children.viewers import Because, Viewer, past
from cre_toolkit.children.viewers import viewers as viewers_of
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words


@require_safe
@transaction.atomic
def viewers(request: HttpRequest, reference: str) -> HttpResponse:
    """Everybody who can see the record now, with every reason."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind="child.access-viewed", standing=standing)
    context = {
        "child": child,
        "age": age_in_words(child),
        "people": in_words(viewers_of(child)),
        "past": past(child),
        "broken": [
            (one, break_glass_queries.may_read(standing, one)) for one in break_glass_queries.of_child(child)
        ],
        "may_ask": looks.may_ask(standing, child),
        "may": access.acts_of(standing),
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    return TemplateResponse(request, "children/viewers.html", context)


@dataclass(frozen=True, slots=True)
class WhoSees:
    """Somebody who may see the record, with every reason in words."""

    viewer: Viewer
    reasons: Sequence[str]


def in_words(viewers: Iterable[Viewer]) -> list[WhoSees]:
    """Each person once, by name, with their reasons."""
    in_order = sorted(viewers, key=lambda viewer: (alphabetical(viewer.user.name), str(viewer.user.pk)))
    people = [list(of_one) for _, of_one in groupby(in_order, key=lambda viewer: viewer.user.pk)]
    return [WhoSees(one[0], list(dict.fromkeys(map(_because, one)))) for one in people]


def _because(viewer: Viewer) -> str:
    reason = str(AccessGrant.Reason(viewer.reason).label) if viewer.reason else ""
    match viewer.because:
        case Because.GRANTED:
            since = date_format(viewer.since, "j F Y") if viewer.since else ""
            until = date_format(timezone.localtime(viewer.until), "j F Y, H:i") if viewer.until else ""
            dated = f"{reason} ({since}, until {until})" if until else f"{reason} ({since})"
            return f"{dated}: {viewer.why}" if viewer.why else dated
        case Because.TEAM:
            return f"is in {viewer.team}, which {reason}"
        case Because.MANAGES:
            return f"manages {viewer.team}, where somebody works with the child"
    return "child protection manager, and the level is medium or high"
