"""Evidence for a claim."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubators.mailboxes import vouches


class MailboxForm(forms.Form):
    """`host` is that of the organisation's website."""

    address = forms.EmailField(
        label=gettext_lazy("E-mail address at the organisation’s domain"),
        help_text=gettext_lazy("A shared one such as info@ counts too, if you can read its mail."),
        max_length=254,
    )

    def __init__(self, *args: Any, host: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host = host

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        if not vouches(address, self.host):
            words = _(
                "Only an address at the domain of the website, %(host)s, counts; those that anybody can have do not. "
                "Without one, attach a letter."
            )
            raise forms.ValidationError(words % {"host": self.host or "–"})
        return address


class LetterForm(forms.Form):
    letter = forms.FileField(
        label=gettext_lazy("Letter as PDF"),
        help_text=gettext_lazy(
            "On the organisation’s paper, signed, and saying that you may edit its entry. At most 10 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )
