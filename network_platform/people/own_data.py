"""What the ground itself holds about a person, for their own file."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from network_platform.people.models import User


def account_data(user: User) -> dict[str, Any]:
    """No secrets: neither password nor keys of second factors are given out."""
    fields = ("uid", "email", "name", "name_latin", "language", "time_zone", "date_joined", "last_login")
    return {
        "account": {field: getattr(user, field) for field in fields},
        "groups": sorted(user.group_names),
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "second_factors": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "consents": list(user.consents.order_by("at", "pk").values("purpose", "version", "given", "at")),
    }
