"""What was typed into a form that could not be saved, each text under its label: to be copied."""

import re
from dataclasses import dataclass

from django.forms import Form
from django.http import QueryDict

from cre_toolkit.assessments.actions import CURRENT_INSTRUMENT
from cre_toolkit.rules.loading import load_instrument

# Controls that carry no answer.
_NO_ANSWER = re.compile(
    r"csrfmiddlewaretoken|then|put_back|held|held_for|form_id|to|(\w+_)?version|.+-form_id|.+-rows"
)
_ROW = re.compile(r"-(\d+)-")


@dataclass(frozen=True, slots=True)
class Typed:
    """One answer as it was sent."""

    label: str
    text: str


def says_danger(posted: QueryDict) -> bool:
    """Whether a form says that a child is in immediate danger now."""
    return posted.get("immediate_risk") == "yes"


def typed_in(posted: QueryDict) -> list[Typed]:
    """Every answer of a form that holds something, in the order of its controls.

    It asks nothing but the form, so that it also helps where the database cannot be reached.

    Args:
        posted: what was sent.
    """
    return [
        Typed(_label(name), "\n".join(_words(value) for value in values if value.strip()))
        for name, values in posted.lists()
        if not _NO_ANSWER.fullmatch(name) and any(value.strip() for value in values)
    ]


def left_over(posted: QueryDict, form: Form | None) -> list[Typed]:
    """What was sent to a page that asks no more, since somebody else has answered meanwhile.

    Args:
        posted: what was sent.
        form: what the page asks; None where it asks no more.
    """
    return [] if form else typed_in(posted)


def _label(name: str) -> str:
    """The toolkit's own label where the control has one, else the control's name made readable."""
    instrument = load_instrument(CURRENT_INSTRUMENT)
    id_, _, part = name.rpartition("-")
    for known in (instrument.indicator_by_id, instrument.vulnerability_by_id):
        if id_ in known:
            return f"{known[id_].label}: {'evidence or comment' if part == 'note' else part}"
    if (field := name.replace("_", "-")) in instrument.field_by_id:
        return instrument.field_by_id[field].label
    in_row = _ROW.sub(lambda row: f" {int(row[1]) + 1}: ", name)
    readable = re.sub(r"[-_]+", " ", in_row)
    return readable[:1].upper() + readable[1:]


def _words(value: str) -> str:
    """An indicator's label for its code, and anything else as it is."""
    indicator = load_instrument(CURRENT_INSTRUMENT).indicator_by_id.get(value)
    return indicator.label if indicator else value
