"""GOV.UK Frontend's components, rendered from GOV.UK's own parameters.

The macros are those of `govuk-frontend-jinja`, pinned to the markup of govuk-frontend 6.3.0; the parameters
are the ones that the GOV.UK Design System documents. `tests/unit/test_govuk_bridge.py` renders GOV.UK's
fixtures.

Running a macro for three radios takes a third of a millisecond, and a page may have thirty of them. The
markup depends on the texts only by containing them, so a component is run once for each *shape* (its
parameters without the texts, see `shapes`), with marks in place of the texts, and from then on the texts are
put between the pieces.
"""

from collections.abc import Callable
from functools import cache, lru_cache

from django.utils.safestring import SafeString, mark_safe
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader

from cre_toolkit.web.govuk import shapes
from cre_toolkit.web.govuk.shapes import Params, Shape

_COMPONENTS = "govuk_frontend_jinja/components/"


class UnknownComponent(LookupError):
    """GOV.UK Frontend has no component of this name."""


def render(component: str, params: Params) -> SafeString:
    """Render a component, for example `render("button", {"text": "Save and continue"})`.

    Args:
        component: the name of the component as in the Design System, such as `summary-list`.
        params: its parameters, in GOV.UK's spelling (`isStartButton`).

    Raises:
        UnknownComponent: no such component.
        UnsafeHtml: an `html` parameter holds a string that nobody marked as safe.
    """
    texts: list[str] = []
    shape = shapes.take(params, texts, component)
    pieces, order = _prepared(component, shape)
    parts = [pieces[0]]
    for piece, index in zip(pieces[1:], order, strict=True):
        parts += (texts[index], piece)
    return mark_safe("".join(parts))  # noqa: S308 - the macros escape, and so does `shapes.take`


@lru_cache(maxsize=4096)
def _prepared(component: str, shape: Shape) -> tuple[list[str], list[int]]:
    """The markup of a shape, cut where its texts go, and which text goes where."""
    return shapes.cut(_macro(component)(shapes.with_marks(shape)))


@cache
def _macro(component: str) -> Callable[[Params], str]:
    path = f"{_COMPONENTS}{component}/macro.html"
    if component not in names():
        raise UnknownComponent(f"GOV.UK Frontend has no component called {component!r}.")
    macro_name = "govuk" + "".join(part.capitalize() for part in component.split("-"))
    macro: Callable[[Params], str] = getattr(_environment().get_template(path).module, macro_name)
    return macro


@cache
def names() -> frozenset[str]:
    """The names of all components."""
    templates = _environment().list_templates()
    return frozenset(path.split("/")[2] for path in templates if path.startswith(_COMPONENTS))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        # The macros read `params.hint.text` whether or not there is a hint.
        undefined=ChainableUndefined,
        auto_reload=False,
        cache_size=-1,
    )
    # The macros indent nested HTML to look tidy. Inside a textarea that would add two spaces to each line
    # that somebody typed, each time that it is saved.
    environment.filters["indent"] = lambda text, *_args, **_kwargs: text
    return environment
