"""A reader's saved searches."""

from django import forms
from django.utils.translation import gettext_lazy as _

from incubators.models import SavedSearch


class SearchForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the search"), max_length=SavedSearch._meta.get_field("name").max_length or 100
    )


class ChangeSearchForm(SearchForm):
    is_mailed = forms.BooleanField(label=_("Tell me once a month by e-mail what is new"), required=False)
