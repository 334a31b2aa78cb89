"""The user of a request: with what they hold and how much they have not read, in the one query for both."""

import uuid
from typing import Any, cast

from django.db.models import IntegerField, QuerySet, Subquery

from cre_toolkit.accounts.models import User
from cre_toolkit.children import notices
from cre_toolkit.children.standing import held_in, holding
from cre_toolkit.statements import statement


@statement
def _signed_in(*, user: uuid.UUID) -> QuerySet[User]:
    unread = Subquery(notices.counted_unread(cast(User, user)), output_field=IntegerField())
    return holding(user=user).annotate(unread=unread)


def find_user(user_id: uuid.UUID) -> User | None:
    """A user with what they hold at hand, so that `standing_of` takes no query for them. One query.

    For a request: what somebody held when they asked is what they hold until they are answered. `unread` is
    how many notices they have not read, or None, for the header of every page.
    """
    rows = _signed_in(user=user_id)
    if not rows:
        return None
    user: Any = rows[0]
    user.held_now = held_in(rows)
    return cast(User, user)
