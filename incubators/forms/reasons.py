"""Why somebody who serves a country decides as they do."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

COMMENT = 600


class ReasonField(forms.CharField):
    """A few lines; the help text says who reads them."""

    def __init__(self, **kwargs: Any) -> None:
        field: dict[str, Any] = {"label": gettext_lazy("Reason"), "max_length": COMMENT}
        super().__init__(**field | {"widget": forms.Textarea(attrs={"rows": 3})} | kwargs)
