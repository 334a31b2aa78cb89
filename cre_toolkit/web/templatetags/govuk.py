"""Template tags of the bridge. `docs/how-to/pages.md` shows them in use.

{% govuk "button" text="Save and continue" %}
{% govuk "input" name="q" label__text="Reference" label__classes="govuk-label--s" %}
{% govuk_block "details" summary_text="What counts as evidence" %}<p>...</p>{% endgovuk_block %}
{% field form.evidence rows=10 %}
"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from cre_toolkit.web.govuk.components import render
from cre_toolkit.web.govuk.errors import ErrorLink, errors_of_page, render_summary
from cre_toolkit.web.govuk.fields import render_field

register = template.Library()


@register.simple_tag
def govuk(component: str, params: Mapping[str, Any] | None = None, **options: Any) -> SafeString:
    """Render a component from `params` (a mapping that the view made), from options, or from both.

    Options are written in snake case; two underscores go one level down: `label__text="Name"` is
    `{"label": {"text": "Name"}}`, and below `attributes` an underscore is a hyphen: `attributes__aria_label`.
    """
    return render(component, {**(params or {}), **nested(options)})


@register.tag
def govuk_block(parser: Parser, token: Token) -> "GovukBlockNode":
    """Like `govuk`, but what stands between this tag and `endgovuk_block` is the component's `html`."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("govuk_block needs the name of a component.")
    component = parser.compile_filter(bits.pop(0))
    options = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"govuk_block takes a name and options only, not {bits[0]!r}.")
    nodes = parser.parse(("endgovuk_block",))
    parser.delete_first_token()
    return GovukBlockNode(component, options, nodes)


class GovukBlockNode(template.Node):
    def __init__(
        self, component: FilterExpression, options: dict[str, FilterExpression], nodelist: NodeList
    ) -> None:
        self.component = component
        self.options = options
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        options = {name: value.resolve(context) for name, value in self.options.items()}
        # The template language has escaped what is in between.
        html = mark_safe(self.nodelist.render(context))  # noqa: S308
        return render(self.component.resolve(context), {**nested(options), "html": html})


@register.simple_tag
def field(bound: BoundField, **changes: Any) -> SafeString:
    """Render a field of a form. Changes are attributes of `Look`, such as `size="m"`."""
    return render_field(bound, **changes)


@register.simple_tag(takes_context=True)
def error_summary(context: Context) -> SafeString:
    """The errors of `form`, `forms`, `formset` and `errors` in the context. Every layout shows it."""
    return render_summary(_errors(context))


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """`Error: ` for the beginning of the title, if the page has any."""
    return "Error: " if _errors(context) else ""


def _errors(context: Context) -> list[ErrorLink]:
    return errors_of_page({key: context.get(key) for key in ("form", "forms", "formset", "errors")})


def nested(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a tag as parameters of a component."""
    params: dict[str, Any] = {}
    for path, value in options.items():
        *parents, last = path.split("__")
        inner = params
        for parent in parents:
            inner = inner.setdefault(_camel(parent), {})
        in_attributes = bool(parents) and parents[-1] == "attributes"
        inner[last.replace("_", "-") if in_attributes else _camel(last)] = value
    return params


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
