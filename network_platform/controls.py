"""How form fields turn into controls of the look; used by templates/django/forms/field.html."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BaseFormSet, BoundField
from django.utils.safestring import SafeString

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
NO_PROSE = (forms.EmailField, forms.URLField, forms.UUIDField, forms.GenericIPAddressField, forms.SlugField)
SENTENCE_ENDS = (".", "?", "!", "…", ":", "؟", "۔")
DATES = {forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"), forms.DateInput: ("date", "%Y-%m-%d")}


def kind(field: BoundField) -> str:
    """group, check, file, hidden or line: how a field is laid out."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, GROUPS):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "file" if isinstance(widget, forms.FileInput) else "line"


def limit(field: BoundField) -> int | None:
    """The number of characters a long text may have; None where nothing is counted."""
    if not isinstance(field.field.widget, forms.Textarea):
        return None
    length = field.field.widget.attrs.get("maxlength") or getattr(field.field, "max_length", None)
    return int(length) if length else None


def described_by(field: BoundField) -> str:
    """Ids of help, comment, error and counter, in the order in which they stand."""
    parts = [
        (field.help_text, "helptext"),
        (getattr(field.field, "comment", ""), "comment"),
        (field.errors, "error"),
        (limit(field), "count"),
    ]
    return " ".join(f"{field.auto_id}_{name}" for there, name in parts if there and field.auto_id)


def css_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def control_attributes(field: BoundField) -> dict[str, Any]:
    """Attributes of a single control. A counted text keeps what is too long instead of cutting it."""
    own = field.field.widget.attrs
    attributes: dict[str, Any] = {"class": f"{css_class(field.field.widget)} {own.get('class', '')}".strip()}
    if described := own.get("aria-describedby") or described_by(field):
        attributes["aria-describedby"] = described
    if limit(field):
        attributes["maxlength"] = False
    if is_prose(field):
        attributes["dir"] = own.get("dir", "auto")
    return attributes


def is_prose(field: BoundField) -> bool:
    """People's own words, in whichever script: no addresses, numbers, codes or passwords."""
    widget = field.field.widget
    if isinstance(widget, forms.Textarea):
        return True
    written = isinstance(field.field, forms.CharField) and not isinstance(field.field, NO_PROSE)
    coded = {"inputmode", "autocomplete"} & set(widget.attrs) and widget.attrs.get("autocomplete") != "name"
    return written and getattr(widget, "input_type", "") == "text" and not coded


def control(field: BoundField) -> SafeString:
    """The input, select or textarea; dates become the browser's own pickers."""
    widget = field.field.widget
    for date_widget, (input_type, date_format) in DATES.items():
        if isinstance(widget, date_widget) and widget.input_type == "text":
            widget.input_type, widget.format = input_type, date_format
    return field.as_widget(attrs=control_attributes(field))


@dataclass(frozen=True)
class Choice:
    """One radio button or checkbox: `tag` is the input, `id` what its label points to."""

    tag: SafeString
    id: str
    label: Any
    value: Any
    chosen: bool


def choices(field: BoundField) -> list[Choice]:
    """The radio buttons or checkboxes of a group."""
    found = []
    for option in field.subwidgets:
        attrs = option.data["attrs"]
        attrs["class"] = f"form-check-input {attrs.get('class', '')}".strip()
        data = option.data
        found.append(Choice(option.tag(), option.id_for_label, data["label"], data["value"], data["selected"]))
    return found


def target(field: BoundField) -> str:
    """The id that a mistake's link leads to: the control, or the first of a group."""
    return f"{field.auto_id}_0" if kind(field) == "group" else field.id_for_label or field.auto_id


def full_label(field: BoundField) -> str:
    """The label as it is clear away from its field: `full_label` of the form's field, where its group says the rest."""
    return str(getattr(field.field, "full_label", field.label))


def mistakes_of_form(form: BaseForm) -> list[dict[str, Any]]:
    general = [{"id": "", "label": "", "message": message} for message in form.non_field_errors()]
    return general + [
        {
            "id": "" if field.is_hidden else target(field),
            "label": full_label(field),
            "message": str(message),
            "says_label": str(message).casefold().startswith(full_label(field).casefold()),
        }
        for field in form
        for message in field.errors
    ]


def lead(label: str) -> str:
    """A label as it stands before other words: with a colon, unless it ends a sentence by itself."""
    return label if label.rstrip().endswith(SENTENCE_ENDS) else f"{label}:"


def by_answer(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line for each answer, with all that is wrong with it, in the order of the first mistakes."""
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for each in found:
        key = (each["id"] or each["message"], each["label"])
        if key in lines:
            lines[key] = lines[key] | {"message": f"{lines[key]['message']} {each['message']}"}
        else:
            lines[key] = each
    return list(lines.values())


def mistakes(form: BaseForm | BaseFormSet | None) -> list[dict[str, Any]]:
    """Every mistake of a form or formset, with the id of the control to mend."""
    if not form or not form.is_bound:
        return []
    if isinstance(form, BaseFormSet):
        general = [{"id": "", "label": "", "message": message} for message in form.non_form_errors()]
        return general + [mistake for part in form.forms for mistake in mistakes_of_form(part)]
    return mistakes_of_form(form)
