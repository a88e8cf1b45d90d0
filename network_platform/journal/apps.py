from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "network_platform.journal"
    label = "journal"
