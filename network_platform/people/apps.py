from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "network_platform.people"
    label = "people"

    def ready(self) -> None:
        from network_platform.people import receivers  # noqa: F401 - it connects them
