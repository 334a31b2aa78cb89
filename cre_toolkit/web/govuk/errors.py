"""The error summary: every error of a page, each linked to the control that it is about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from cre_toolkit.web.govuk.components import render
from cre_toolkit.web.govuk.fields import target_id


@dataclass(frozen=True)
class ErrorLink:
    """One line of the summary. Without `href` it is not a link."""

    text: str
    href: str = ""


def errors_of_page(context: Mapping[str, Any]) -> list[ErrorLink]:
    """All errors in what a view gave its template: `form`, `forms`, `formset` and `errors` (`ErrorLink`s)."""
    found = list(context.get("errors") or ())
    for key in ("form", "formset"):
        if (value := context.get(key)) is not None:
            found += _errors_of(value)
    for form in context.get("forms") or ():
        found += _errors_of(form)
    return list(dict.fromkeys(found))


def render_summary(errors: Iterable[ErrorLink]) -> SafeString:
    """The summary component, or nothing."""
    items = [{"text": error.text, "href": error.href} for error in errors]
    if not items:
        return SafeString("")
    return render("error-summary", {"titleText": "There is a problem", "errorList": items})


def _errors_of(value: Any) -> Iterator[ErrorLink]:
    if isinstance(value, forms.BaseFormSet):
        if value.is_bound:
            yield from (ErrorLink(str(error)) for error in value.non_form_errors())
        for form in value.forms:
            yield from _errors_of(form)
    elif isinstance(value, forms.BaseForm):
        # In the order of the fields on the page, whichever was judged first.
        order = {name: place for place, name in enumerate(value.fields)}
        for name, errors in sorted(value.errors.items(), key=lambda error: order.get(error[0], -1)):
            href = f"#{target_id(value[name])}" if name in value.fields else ""
            yield from (ErrorLink(str(error), href) for error in errors)
