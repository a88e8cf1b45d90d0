from django.apps import AppConfig


class SearchIndexConfig(AppConfig):
    name = "network_platform.search"
    label = "search"
