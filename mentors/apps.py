from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MentorsConfig(AppConfig):
    name = "mentors"
    verbose_name = _("Mentors")

    def ready(self) -> None:
        from mentors import consents, lifecycle  # noqa: F401 - both register what the ground lists
        from mentors.receivers import keep_reference

        post_migrate.connect(keep_reference, sender=self, dispatch_uid="mentors.keep_reference")
