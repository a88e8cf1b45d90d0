from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "network_platform.tokens"
    label = "tokens"
