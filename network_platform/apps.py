from django.apps import AppConfig
from django.db.backends.signals import connection_created


class NetworkPlatformConfig(AppConfig):
    name = "network_platform"

    def ready(self) -> None:
        from network_platform.sqlite import allow_wide_statements

        connection_created.connect(allow_wide_statements, dispatch_uid="network_platform.wide_statements")
