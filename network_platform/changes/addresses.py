"""Which addresses the platform may call: those on the open internet, and nothing behind its own walls."""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class NotPublicError(Exception):
    """The name leads to no address that the platform may call."""


def demand_public(url: str) -> None:
    """Raises ValidationError with what to do."""
    parts = _split(url)
    if parts is None or parts.scheme != "https" and not settings.WEBHOOKS_TO_PRIVATE:
        raise ValidationError(_("The address must begin with https://."))
    if parts.username or parts.password:
        raise ValidationError(_("Leave name and password out of the address; the signature proves who sends."))
    try:
        resolve(parts.hostname or "", parts.port or 443)
    except NotPublicError:
        words = _(
            "No server that the open internet reaches was found under “%(host)s”. Check how the name is spelled; a name"
            " that only your own network knows will not do."
        )
        raise ValidationError(words % {"host": parts.hostname or ""}) from None


def resolve(host: str, port: int) -> str:
    """One IP address of the host to connect to; raises NotPublicError if any of its addresses is not public.

    Whoever connects must connect to what was checked, not to the name: a name may lead elsewhere a moment later.
    """
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise NotPublicError(host) from None
    if not found or (not settings.WEBHOOKS_TO_PRIVATE and not all(is_public(address) for address in found)):
        raise NotPublicError(host)
    return sorted(found)[0]


def is_public(address: str) -> bool:
    """Neither of this machine, nor of a private or special network; also not such one in the clothes of IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner)) and ip.ipv4_mapped is None
    return ip.is_global and not ip.is_multicast


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises if it is no port)
    except ValueError:
        return None
    return parts if parts.hostname and parts.scheme in ("https", "http") else None
