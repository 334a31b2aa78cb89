"""Django's FORM_RENDERER: every form of the site comes out as GOV.UK components."""

from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from cre_toolkit.web.govuk.fields import render_field, revealed_names

_FIELD = "govuk/field"
_FORM = "govuk/form"


class GovukBoundField(BoundField):
    """`{{ form.name }}` in a template is the whole component, not the bare control."""

    def __str__(self) -> SafeString:
        return self.as_widget() if self.is_hidden else render_field(self)

    __html__ = __str__


class GovukRenderer(DjangoTemplates):
    """Renders forms and fields by the bridge, all else (hidden inputs, formsets) by Django's templates."""

    form_template_name = _FORM
    field_template_name = _FIELD
    bound_field_class = GovukBoundField

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == _FIELD:
            return render_field(context["field"])
        if template_name == _FORM:
            return _render_form(context)
        return super().render(template_name, context, request)


def _render_form(context: dict[str, Any]) -> SafeString:
    """All fields in order; those that a choice reveals stand inside it. Errors are in the page's summary."""
    form = context["form"]
    inside = revealed_names(form)
    shown = [render_field(bound) for bound, _errors in context["fields"] if bound.name not in inside]
    hidden = [bound.as_widget() for bound in context["hidden_fields"]]
    return format_html_join("\n", "{}", ((part,) for part in [*hidden, *shown]))
