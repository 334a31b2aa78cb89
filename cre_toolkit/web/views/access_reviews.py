"""The review of access, for a records auditor: who broke the glass, what is open for long, who opens much."""

import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access, access_review
from cre_toolkit.children.break_glass_models import BreakGlass
from cre_toolkit.web.forms.trail import Question
from cre_toolkit.web.request import user_of

BROKEN_HEADS = ("When", "Who", "Record", "Why", "Review")
OPEN_HEADS = ("Access because somebody or a team …", "Open", "The oldest since")
OPENED_HEADS = ("Who", "Agency", "Children", "What they did")


@require_safe
@transaction.atomic
def access_reviews(request: HttpRequest) -> HttpResponse:
    """All three parts on one page."""
    user = user_of(request)
    standing = access.standing_of(user)
    access_review.check(standing)
    days = _days(request.GET.get("days", ""))
    after = request.GET.get("after", "")
    page = access_review.broken_page(standing, after)
    audit.record(by=user, kind="access-review.viewed", children={one.child_id for one in page.broken})
    context = {
        "not_reviewed": access_review.not_reviewed(standing),
        "broken_heads": BROKEN_HEADS,
        "broken": [_broken(one) for one in page.broken],
        "after": page.after,
        "further": after != "",
        "days": days,
        "periods": [
            {"text": f"{each} days", "href": f"?days={each}", "current": each == days}
            for each in access_review.OPEN_FOR
        ],
        "open_heads": OPEN_HEADS,
        "open": [
            (one.reason, str(one.count), date_format(timezone.localtime(one.oldest), "j F Y"))
            for one in access_review.open_for(standing, days)
        ],
        "counted_days": access_review.COUNTED_DAYS,
        "opened_heads": OPENED_HEADS,
        "opened": [_opened(one) for one in access_review.who_opened_most(standing)],
        "may": access.acts_of(standing),
    }
    return TemplateResponse(request, "audit/access_reviews.html", context)


def _days(asked: str) -> int:
    """The period that was asked for; what is none of them is the longest."""
    return next((each for each in access_review.OPEN_FOR if str(each) == asked), access_review.OPEN_FOR[-1])


def _broken(one: BreakGlass) -> tuple[Any, ...]:
    review = getattr(one, "review", None)
    if review:
        said: Any = format_html("{}, says <bdi>{}</bdi>", review.get_outcome_display(), review.by.name)
    elif one.until <= timezone.now():
        said = format_html('<strong class="govuk-tag govuk-tag--red">Overdue</strong>{}', _asked(one))
    else:
        said = f"Not yet{_asked(one)}"
    return (
        date_format(timezone.localtime(one.at), "j M Y, H:i"),
        format_html("<bdi>{}</bdi>", one.by.name),
        (one.child.reference, f"{reverse('audit')}?{Question(child=one.child.reference).address()}"),
        one.get_category_display(),
        said,
    )


def _asked(one: BreakGlass) -> str:
    return f"; {one.asked.name} was asked" if one.asked else "; nobody could be asked"


def _opened(one: access_review.Opened) -> tuple[Any, ...]:
    since = timezone.localdate() - datetime.timedelta(days=access_review.COUNTED_DAYS)
    address = f"{reverse('audit')}?{Question(user=one.user.pk, since=since).address()}"
    return (
        format_html("<bdi>{}</bdi>", one.user.name),
        str(one.user.agency) if one.user.agency else "",
        str(one.children),
        ("On the audit trail", address),
    )
