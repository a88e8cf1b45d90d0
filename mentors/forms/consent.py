"""Consent, asked beside the preview of exactly what will be shown."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from mentors.consents import CONTACT, PURPOSE_OF
from network_platform.people.consents import PURPOSES


class ConsentForm(forms.Form):
    """One yes for each purpose that the chosen visibility needs and whose text of today was not agreed to yet.

    `agreed` are the purposes that were; those needed stand in `given`.
    """

    def __init__(self, *args: Any, visibility: str, agreed: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = (PURPOSE_OF[visibility], CONTACT) if visibility in PURPOSE_OF else ()
        self.given = [PURPOSES[purpose] for purpose in needed if purpose in agreed]
        for purpose in (purpose for purpose in needed if purpose not in agreed):
            self.fields[purpose] = forms.BooleanField(
                label=_("I agree: %(purpose)s") % {"purpose": PURPOSES[purpose].title},
                help_text=PURPOSES[purpose].text,
                error_messages={
                    "required": _(
                        "A profile that others see needs this. Tick it, or go back and choose “Nobody for now”."
                    )
                },
            )
