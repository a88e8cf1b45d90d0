from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "network_platform.people"
    label = "people"
