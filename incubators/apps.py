from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class IncubatorsConfig(AppConfig):
    name = "incubators"
    verbose_name = _("Registry")

    def ready(self) -> None:
        from incubators import consents  # noqa: F401 - registers what founders agree to
        from incubators.receivers import keep_reference

        post_migrate.connect(keep_reference, sender=self, dispatch_uid="incubators.keep_reference")
