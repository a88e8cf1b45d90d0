from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("site")

    def ready(self) -> None:
        import_module("cms.receivers")
        import_module("cms.dates").use_in_forms()
