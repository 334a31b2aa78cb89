"""The same form sent twice (double click, refresh, two tabs) records one thing; other words, another."""

import uuid
from collections.abc import Mapping
from typing import TypeVar

from django.db.models import Model

from cre_toolkit.children.models import Child

Recorded = TypeVar("Recorded", bound=Model)


def recorded_before(
    model: type[Recorded], *, child: Child, said: Mapping[str, object], form_id: uuid.UUID
) -> tuple[Recorded | None, uuid.UUID]:
    """What this form has recorded with these words, and the number under which it is recorded.

    What was recorded stays as it was: a form that says something else the second time (Back, other words)
    records something else. So the number is made of the form's and of everything that it says.

    Args:
        model: of what is recorded; its `form_id` is that number.
        child: whom the form is about, held.
        said: what it says.
        form_id: of the form.
    """
    number = uuid.uuid5(form_id, repr([str(child.pk), *((name, str(value)) for name, value in said.items())]))
    return model._default_manager.filter(form_id=number).first(), number
