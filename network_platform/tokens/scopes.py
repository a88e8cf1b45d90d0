"""What a token may be allowed to write: each app names its own in its desk."""

from django.utils.functional import Promise

from network_platform.desk import gather


def scopes() -> dict[str, str | Promise]:
    """Label by name, such as `programmes:write`."""
    return {name: label for found in gather("token_scopes") for name, label in found.items()}
