from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "network_platform.changes"
    label = "changes"
