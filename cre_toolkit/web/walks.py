"""A walk over references, or over birthdays: somebody who tries one after another, to see which there is.

A reference that shows nothing is counted, for each person; one that they asked for already is not counted
again. Beyond the limit another one gets 429, whether there is such a record or not, and the audit trail
says so. What they may see stays open to them: whoever looks for a child in danger is not shut out.
"""

import datetime

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from cre_toolkit.audit import actions as audit
from cre_toolkit.web.request import user_of

# Mistyped, outdated and handed on, a person comes by a few in a day.
MOST = 30
# Counted until nothing was missed for so many seconds.
WITHIN = 600
# Of one name: whoever knows the child is unsure of a day or two, and not of all days of a year.
MOST_BIRTHDAYS = 10
A_DAY = 86_400


def missed(request: HttpRequest, reference: str) -> HttpResponse | None:
    """Count that somebody asked for what shows them nothing. Where that was too often: the answer they get.

    Args:
        request: of somebody who is signed in.
        reference: what they asked for, or another identifier such as an NHS number.
    """
    return _counted(request, "missed", reference, most=MOST, within=WITHIN)


def birthday_missed(request: HttpRequest, name: str, born: datetime.date) -> HttpResponse | None:
    """The same of the birthdays that somebody tries with one name: the right one tells of a record.

    Args:
        request: of somebody who is signed in.
        name: in one spelling, whatever was typed.
        born: the birthday that was asked for with it.
    """
    return _counted(request, f"birthdays:{name}", born.isoformat(), most=MOST_BIRTHDAYS, within=A_DAY)


def _counted(request: HttpRequest, of: str, tried: str, *, most: int, within: int) -> HttpResponse | None:
    user = user_of(request)
    # Neither a key nor what is counted under it can be read: no name and no number is kept.
    tried = salted_hmac(__name__, tried).hexdigest()
    key = f"{of}:{user.pk}"
    counted: list[str] = cache.get(key, [])
    if tried in counted:
        return None
    if len(counted) < most:
        cache.set(key, [*counted, tried], timeout=within)
        return None
    # Once for a walk: among thousands of its like it would be no alert.
    if cache.add(f"walks:{user.pk}", True, timeout=WITHIN):
        with transaction.atomic():
            audit.record(by=user, kind="access.walk-stopped", subject_kind="user", subject=user.pk)
    return render(request, "429.html", status=429)
