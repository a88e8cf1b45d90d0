from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    name = "network_platform.background"
    label = "background"
