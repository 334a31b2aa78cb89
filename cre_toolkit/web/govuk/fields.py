"""From a Django field to the GOV.UK component that shows it, and its parameters."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from cre_toolkit.web.govuk.components import render
from cre_toolkit.web.govuk.dates import PARTS, DayMonthYearInput
from cre_toolkit.web.govuk.look import PLAIN, Look

Component = tuple[str, dict[str, Any]]

# Django's validation in the browser: GOV.UK forms leave it to the server, which says how to mend it.
_DROPPED = frozenset(
    {"id", "class", "maxlength", "minlength", "min", "max", "step", "required", "rows", "cols"}
)


def render_field(bound: BoundField, **changes: Any) -> SafeString:
    """Render a field as its component: label, hint, error, control, and the fields that its choices reveal.

    Args:
        bound: the field of a form.
        changes: attributes of `Look` to change for this one rendering.
    """
    look = look_of(bound)
    if changes:
        look = Look(**{**vars(look), **changes})
    component, params = _describe(bound, look)
    if look.params:
        params = _merge(params, look.params)
    return render(component, params)


def look_of(bound: BoundField) -> Look:
    """The look that the form gives to this field."""
    looks: Mapping[str, Look] = getattr(bound.form, "looks", {})
    return looks.get(bound.name, PLAIN)


def revealed_names(form: forms.BaseForm) -> frozenset[str]:
    """Names of the fields that stand inside a choice of another field."""
    looks: Mapping[str, Look] = getattr(form, "looks", {})
    return frozenset(name for look in looks.values() for names in look.reveals.values() for name in names)


def target_id(bound: BoundField) -> str:
    """The id of the control that an error summary links to: the first choice, or the first box in error."""
    identifier = _identifier(bound)
    if isinstance(bound.field.widget, DayMonthYearInput):
        return f"{identifier}_{_parts_in_error(bound)[0]}"
    return identifier


def _describe(bound: BoundField, look: Look) -> Component:
    widget = bound.field.widget
    for kind, describe in _BUILDERS:
        if isinstance(widget, kind):
            return describe(bound, look)
    raise TypeError(f"No GOV.UK component for the widget {type(widget).__name__} of {bound.name!r}.")


def _input(bound: BoundField, look: Look) -> Component:
    widget = bound.field.widget
    number = isinstance(widget, forms.NumberInput)
    params = _common(bound, look, "label") | {
        "type": "text" if number else getattr(widget, "input_type", "text"),
        "value": _typed(bound, widget),
        "autocomplete": widget.attrs.get("autocomplete", "off"),
    }
    if number:
        params["inputmode"] = "numeric"
    if number or isinstance(widget, forms.EmailInput):
        params["spellcheck"] = False
    for name in ("inputmode", "autocapitalize", "pattern"):
        if name in widget.attrs:
            params[name] = widget.attrs[name]
    if "spellcheck" in widget.attrs:
        params["spellcheck"] = str(widget.attrs["spellcheck"]).lower() == "true"
    if look.prefix:
        params["prefix"] = {"text": look.prefix}
    if look.suffix:
        params["suffix"] = {"text": look.suffix}
    return "input", params


def _password(bound: BoundField, look: Look) -> Component:
    params = _common(bound, look, "label")
    params["autocomplete"] = bound.field.widget.attrs.get("autocomplete", "current-password")
    return "password-input", params


def _textarea(bound: BoundField, look: Look) -> Component:
    value = _typed(bound, bound.field.widget)
    params = _common(bound, look, "label") | {
        # Browsers drop a line break right after the opening tag.
        "value": f"\n{value}" if value.startswith(("\n", "\r")) else value,
        "rows": look.rows or 5,
        "autocomplete": bound.field.widget.attrs.get("autocomplete", "off"),
    }
    if "spellcheck" in bound.field.widget.attrs:
        params["spellcheck"] = str(bound.field.widget.attrs["spellcheck"]).lower() == "true"
    if look.count:
        return "character-count", params | {"maxlength": look.count}
    return "textarea", params


def _select(bound: BoundField, look: Look) -> Component:
    chosen = _chosen(bound)
    items = [
        {"value": value, "text": text, "selected": value in chosen}
        for value, text in _choices(bound.field.widget)
    ]
    return "select", _common(bound, look, "label") | {"items": items}


def _radios(bound: BoundField, look: Look) -> Component:
    params = _common(bound, look, "legend")
    params["items"] = _choice_items(bound, look)
    if look.inline:
        params["classes"] = _classes(params.get("classes"), "govuk-radios--inline")
    if look.small:
        params["classes"] = _classes(params.get("classes"), "govuk-radios--small")
    return "radios", params


def _checkboxes(bound: BoundField, look: Look) -> Component:
    params = _common(bound, look, "legend")
    params["items"] = _choice_items(bound, look)
    if look.small:
        params["classes"] = _classes(params.get("classes"), "govuk-checkboxes--small")
    return "checkboxes", params


def _checkbox(bound: BoundField, look: Look) -> Component:
    """One checkbox alone: its label is the label of the field, and there is no legend."""
    common = _common(bound, look, "label")
    item: dict[str, Any] = {
        "value": "on",
        "checked": bool(bound.field.widget.check_test(bound.value())),
        **_text_or_html(bound.label),
        "attributes": common.pop("attributes"),
    }
    label = common.pop("label")
    if label.get("classes"):
        item["label"] = {"classes": label["classes"]}
    if "hint" in common:
        item["hint"] = common.pop("hint")
    if common.pop("disabled", False):
        item["disabled"] = True
    if revealed := look.reveals.get("on"):
        item["conditional"] = {"html": _render_all(bound.form, revealed)}
    params = common | {"idPrefix": common.pop("id"), "items": [item]}
    if look.small:
        params["classes"] = _classes(params.get("classes"), "govuk-checkboxes--small")
    return "checkboxes", params


def _date(bound: BoundField, look: Look) -> Component:
    params = _common(bound, look, "legend")
    identifier, name = params.pop("idPrefix"), params.pop("name")
    value = bound.value()
    typed = value if isinstance(value, list | tuple) else bound.field.widget.decompress(value)
    in_error = _parts_in_error(bound) if bound.errors else ()
    items = []
    for part, number in zip(PARTS, typed, strict=True):
        item: dict[str, Any] = {
            "name": f"{name}_{part}",
            "id": f"{identifier}_{part}",
            "label": part.capitalize(),
            "value": str(number or ""),
            "classes": "govuk-input--width-4" if part == "year" else "govuk-input--width-2",
            "autocomplete": "off",
            # A month may be typed as a word, for which a keypad of numbers has no keys.
            "inputmode": "text" if part == "month" else "numeric",
            "attributes": {"disabled": "disabled"} if bound.field.disabled else {},
        }
        if part in in_error:
            item["classes"] += " govuk-input--error"
        items.append(item)
    return "date-input", params | {"id": identifier, "items": items}


def _file(bound: BoundField, look: Look) -> Component:
    return "file-upload", _common(bound, look, "label")


# `CheckboxSelectMultiple` is a subclass of `RadioSelect`, which is one of `Select`: the order matters.
_BUILDERS: tuple[tuple[type[forms.Widget], Callable[[BoundField, Look], Component]], ...] = (
    (DayMonthYearInput, _date),
    (forms.CheckboxSelectMultiple, _checkboxes),
    (forms.RadioSelect, _radios),
    (forms.Select, _select),
    (forms.CheckboxInput, _checkbox),
    (forms.Textarea, _textarea),
    (forms.FileInput, _file),
    (forms.PasswordInput, _password),
    (forms.widgets.Input, _input),
)


def _common(bound: BoundField, look: Look, heading: str) -> dict[str, Any]:
    """What all components share. `heading` says whether the label is a `label` or a fieldset's `legend`."""
    identifier = _identifier(bound)
    widget_attrs = bound.field.widget.attrs
    described_by = widget_attrs.get("aria-describedby", "")
    caption = {**_text_or_html(bound.label), "classes": _heading_classes(look, heading)}
    if look.page_heading:
        caption["isPageHeading"] = True
    params: dict[str, Any] = {"name": bound.html_name}
    if heading == "legend":
        params["idPrefix"] = identifier
        params["fieldset"] = {"legend": caption, "describedBy": described_by}
    else:
        params["id"] = identifier
        params["label"] = caption
        params["describedBy"] = described_by
        params["disabled"] = bound.field.disabled
    if bound.help_text:
        params["hint"] = _text_or_html(bound.help_text)
    if bound.errors:
        params["errorMessage"] = _error_message(bound)
    classes = widget_attrs.get("class", "")
    if look.width is not None:
        width = (
            f"govuk-input--width-{look.width}"
            if isinstance(look.width, int)
            else f"govuk-!-width-{look.width}"
        )
        classes = _classes(classes, width)
    if classes:
        params["classes"] = classes
    params["attributes"] = {
        name: "" if value is True else value
        for name, value in widget_attrs.items()
        if name not in _DROPPED and name not in _OWN_PARAMETERS and value not in (False, None)
    }
    return params


_OWN_PARAMETERS = frozenset(
    {"autocomplete", "inputmode", "autocapitalize", "pattern", "spellcheck", "aria-describedby"}
)


def _identifier(bound: BoundField) -> str:
    return str(bound.field.widget.attrs.get("id") or bound.auto_id or bound.html_name)


def _heading_classes(look: Look, heading: str) -> str:
    base = "govuk-label" if heading == "label" else "govuk-fieldset__legend"
    size = look.size or ("l" if look.page_heading else None)
    classes = f"{base}--{size}" if size else ""
    return _classes(classes, "govuk-visually-hidden") if look.hide_label else classes


def _error_message(bound: BoundField) -> dict[str, Any]:
    if len(bound.errors) == 1:
        return {"text": bound.errors[0]}
    return {"html": format_html_join(mark_safe("<br>"), "{}", ((error,) for error in bound.errors))}


def _choice_items(bound: BoundField, look: Look) -> list[dict[str, Any]]:
    chosen = _chosen(bound)
    items: list[dict[str, Any]] = []
    for value, text in _choices(bound.field.widget):
        if value in look.divider_before:
            items.append({"divider": look.divider_before[value]})
        item: dict[str, Any] = {"value": value, **_text_or_html(text), "checked": value in chosen}
        if value in look.item_hints:
            item["hint"] = _text_or_html(look.item_hints[value])
        if value in look.exclusive:
            item["behaviour"] = "exclusive"
        if value in look.reveals:
            item["conditional"] = {"html": _render_all(bound.form, look.reveals[value])}
        if bound.field.disabled:
            item["disabled"] = True
        items.append(item)
    return items


def _render_all(form: forms.BaseForm, names: tuple[str, ...]) -> SafeString:
    return format_html_join("\n", "{}", ((render_field(form[name]),) for name in names))


def _choices(widget: Any) -> Iterator[tuple[str, Any]]:
    """Value and text of each choice; groups of choices one after the other."""
    for value, text in widget.choices:
        if isinstance(text, list | tuple):
            yield from (("" if inner is None else str(inner), label) for inner, label in text)
        else:
            yield "" if value is None else str(value), text


def _chosen(bound: BoundField) -> frozenset[str]:
    value = bound.value()
    values = value if isinstance(value, list | tuple | set | frozenset) else [value]
    return frozenset("" if each is None else str(each) for each in values)


def _typed(bound: BoundField, widget: forms.Widget) -> str:
    value = widget.format_value(bound.value())
    return "" if value is None else str(value)


def _parts_in_error(bound: BoundField) -> tuple[str, ...]:
    for error in bound.form.errors.as_data().get(bound.name, ()):
        params = getattr(error, "params", None) or {}
        if "parts" in params:
            return tuple(params["parts"])
    return PARTS


def _text_or_html(content: Any) -> dict[str, Any]:
    return {"html": content} if hasattr(content, "__html__") else {"text": str(content)}


def _classes(*classes: str | None) -> str:
    return " ".join(each for each in classes if each)


def _merge(params: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(params)
    for key, value in extra.items():
        mine = merged.get(key)
        merged[key] = (
            _merge(mine, value) if isinstance(mine, Mapping) and isinstance(value, Mapping) else value
        )
    return merged
