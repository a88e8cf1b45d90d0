"""Forms of those who keep the registry true."""

from django import forms
from django.utils.translation import gettext_lazy

from incubators.forms.review import COMMENT


class MergeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=COMMENT,
        help_text=gettext_lazy("How you know that they are one. It is recorded in the journal."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
