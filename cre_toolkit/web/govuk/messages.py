"""Error messages in GOV.UK's style: they name the field and say how to mend it.

`{called}` is what the field is called in a sentence ("the child's family name"), `{Called}` the same at its
beginning. A message that a form or field sets itself stays.
"""

from django import forms

from cre_toolkit.web.govuk.dates import DayMonthYearField

_CHOOSE = {"required": "Select {called}", "invalid_choice": "Select {called} from the list"}
_TYPE = {
    "required": "Enter {called}",
    "max_length": "{Called} must be %(limit_value)d characters or fewer",
    "min_length": "{Called} must be %(limit_value)d characters or more",
    "null_characters_not_allowed": "{Called} must not include null characters",
}
_NUMBER = {
    "required": "Enter {called}",
    "invalid": "{Called} must be a number, like 30",
    "max_value": "{Called} must be %(limit_value)s or fewer",
    "min_value": "{Called} must be %(limit_value)s or more",
}
_DATE = {
    "required": "Enter {called}",
    "incomplete": "{Called} must include %(missing)s",
    "invalid": "{Called} must be a real date",
    "past": "{Called} must be in the past",
    "today or past": "{Called} must be today or in the past",
    "future": "{Called} must be in the future",
    "today or future": "{Called} must be today or in the future",
}

# The first class that a field is an instance of: subclasses stand before their bases.
_MESSAGES: tuple[tuple[type[forms.Field], dict[str, str]], ...] = (
    (DayMonthYearField, _DATE),
    (forms.MultipleChoiceField, {**_CHOOSE, "invalid_choice": "Select {called} from the choices shown"}),
    (forms.ChoiceField, _CHOOSE),
    (forms.BooleanField, {"required": "Select {called}"}),
    (
        forms.EmailField,
        {**_TYPE, "invalid": "Enter an email address in the correct format, like name@example.com"},
    ),
    (
        forms.TimeField,
        {"required": "Enter {called}", "invalid": "Enter {called} as hours and minutes, like 16:30"},
    ),
    (forms.IntegerField, _NUMBER),
    (forms.FileField, {"required": "Select {called}", "empty": "The selected file is empty"}),
    (forms.CharField, _TYPE),
    (forms.Field, {"required": "Enter {called}"}),
)
# Django fills values into these with `%`.
_FILLED = frozenset({"max_length", "min_length", "max_value", "min_value", "incomplete", "invalid_choice"})


def give_messages(field: forms.Field, called: str) -> None:
    """Replace the messages of `field` that are still its class's own."""
    own = _messages_of_class(field)
    for code, message in next(messages for kind, messages in _MESSAGES if isinstance(field, kind)).items():
        if field.error_messages.get(code, own.get(code)) != own.get(code):
            continue
        name = called.replace("%", "%%") if code in _FILLED else called
        field.error_messages[code] = message.format(called=name, Called=name[:1].upper() + name[1:])


def in_a_sentence(label: str) -> str:
    """A label as it stands inside a sentence: `Date of birth` is `date of birth`, `NHS number` stays."""
    label = label.strip().removesuffix("(optional)").strip().rstrip("?:")
    first = label.split(" ")[0]
    return label if first.isupper() and len(first) > 1 else label[:1].lower() + label[1:]


def _messages_of_class(field: forms.Field) -> dict[str, str]:
    messages: dict[str, str] = {}
    for kind in reversed(type(field).__mro__):
        messages.update(getattr(kind, "default_error_messages", {}))
    return messages
