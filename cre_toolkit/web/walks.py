"""A walk over references: somebody who tries one after another, to see which of them there is.

A reference that shows nothing is counted, for each person; one that they asked for already is not counted
again. Beyond the limit another one gets 429, whether there is such a record or not, and the audit trail
says so. What they may see stays open to them: whoever looks for a child in danger is not shut out.
"""

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cre_toolkit.audit import actions as audit
from cre_toolkit.web.request import user_of

# Mistyped, outdated and handed on, a person comes by a few in a day.
MOST = 30
# Counted until nothing was missed for so many seconds.
WITHIN = 600


def missed(request: HttpRequest, reference: str) -> HttpResponse | None:
    """Count that somebody asked for what shows them nothing. Where that was too often: the answer they get.

    Args:
        request: of somebody who is signed in.
        reference: what they asked for, or another identifier such as an NHS number.
    """
    user = user_of(request)
    counted: list[str] = cache.get(f"missed:{user.pk}", [])
    if reference in counted:
        return None
    if len(counted) < MOST:
        cache.set(f"missed:{user.pk}", [*counted, reference], timeout=WITHIN)
        return None
    # Once for a walk: among thousands of its like it would be no alert.
    if cache.add(f"walks:{user.pk}", True, timeout=WITHIN):
        with transaction.atomic():
            audit.record(by=user, kind="access.walk-stopped", subject_kind="user", subject=user.pk)
    return render(request, "429.html", status=429)
