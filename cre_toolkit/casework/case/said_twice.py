"""The same form sent twice (double click, refresh, two tabs) records one thing; other words, another."""

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model

from cre_toolkit.children import access
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


def recorded_by(model: type[Recorded], *, child: Child, form_id: uuid.UUID) -> Recorded | None:
    """What this form has recorded already, whatever it said; None where it has recorded nothing yet.

    Args:
        model: of what is recorded, with its `child` and `form_id`.
        child: whom the form is about: the record that stands for them, held.
        form_id: of the form.

    Raises:
        access.NotVisible: the form's number belongs to something about another child.
    """
    found: Any = model._default_manager.select_related("child").filter(form_id=form_id).first()
    if found and found.child.stands_for != child.pk:
        raise access.NotVisible(child.reference)
    recorded: Recorded | None = found
    return recorded
