"""One page of an application form, made from its questions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _

from competitions.enums import QuestionKind
from competitions.models import Question
from competitions.services.answers import LONGEST_DRAFT, as_typed, limit_of, problem_with
from competitions.services.definitions import FormPage
from network_platform.languages import in_language


class Typed(forms.CharField):
    """Keeps what was typed; what it must be is asked on the way on, in `AnswersForm.clean`."""

    def validate(self, value: Any) -> None:
        return

    def run_validators(self, value: Any) -> None:
        return

    def to_python(self, value: Any) -> str:
        return as_typed(value)


class AnswersForm(forms.Form):
    """`version`: on what the typing was based. `demand` says whether missing and wrong answers are mistakes."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, page: FormPage, demand: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.demand = page, demand
        for question in page.questions:
            if question.kind != QuestionKind.FILE:
                self.fields[question.code] = field_for(question)

    def clean(self) -> dict[str, Any]:
        """`demand`: "" nothing, "right" what is there must be right, "all" required answers must be there."""
        for question in self.page.questions if self.demand else ():
            value = self.cleaned_data.get(question.code, "")
            if question.code in self.fields and (value or self.demand == "all"):
                problem = problem_with(question, value)
                if problem:
                    self.add_error(question.code, problem)
        return self.cleaned_data

    def show_theirs(self, theirs: Mapping[str, str]) -> None:
        """Somebody else changed the same answers: say what stands there, beside what was typed here."""
        for code, text in theirs.items():
            said = text or _("nothing")
            self.add_error(
                code,
                _("Changed elsewhere meanwhile. There it says: “%(text)s”. Save again to keep yours.") % {"text": said},
            )


def typed_on(page: FormPage, data: Mapping[str, Any]) -> dict[str, str]:
    """What came with a request; a question that did not come is left as it was."""
    return {code: as_typed(data[code]) for code in page.codes if code in data}


def field_for(question: Question) -> Typed:
    return Typed(
        label=in_language(question.texts),
        help_text=escape(in_language(question.helps)),
        required=question.required,
        widget=_widget_for(question),
    )


def _widget_for(question: Question) -> forms.Widget:
    if question.kind == QuestionKind.LONG_TEXT:
        limit = limit_of(question)
        return forms.Textarea(attrs={"rows": 5 if limit > 400 else 3, "maxlength": limit})
    if question.kind == QuestionKind.CHOICE:
        choices = [(choice["value"], in_language(choice["labels"])) for choice in question.choices]
        return forms.RadioSelect(choices=choices)
    if question.kind in (QuestionKind.NUMBER, QuestionKind.WHOLE):
        mode = "numeric" if question.kind == QuestionKind.WHOLE else "decimal"
        return forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"})
    if question.kind == QuestionKind.URL:
        return forms.URLInput(attrs={"autocomplete": "url"})
    return forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST_DRAFT})


def saved_form(page: FormPage, answers: Mapping[str, str], version: int, *, demand: str = "") -> AnswersForm:
    """The page with what is saved; with `demand`, also with what is wrong or missing in it."""
    values = {code: answers.get(code, "") for code in page.codes} | {"version": version}
    if demand:
        return AnswersForm(values, page=page, demand=demand)
    return AnswersForm(initial=values, page=page)
