"""Why a message did not leave, in words for the secretariat; what the program said stands below them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADDRESS = _("The mail server refuses this address.")
PLATFORM = _("The mail server refuses the platform itself. Tell whoever runs the platform.")
MAIL = _("The mail server refuses this mail. Tell whoever runs the platform.")
UNREACHED = _("The mail server was not reached.")
NOT_MADE = _("The platform could not make this mail. Tell whoever runs the platform.")
BY_ERROR: dict[str, str | Promise] = {
    "SMTPRecipientsRefused": ADDRESS,
    "SMTPAuthenticationError": PLATFORM,
    "SMTPSenderRefused": PLATFORM,
    "SMTPNotSupportedError": PLATFORM,
    "SMTPHeloError": PLATFORM,
    "SMTPDataError": MAIL,
    "SMTPResponseException": MAIL,
    "SMTPConnectError": UNREACHED,
    "SMTPServerDisconnected": UNREACHED,
    "ConnectionRefusedError": UNREACHED,
    "ConnectionResetError": UNREACHED,
    "BrokenPipeError": UNREACHED,
    "TimeoutError": UNREACHED,
    "gaierror": UNREACHED,
    "OSError": UNREACHED,
    "SSLError": UNREACHED,
    "SSLCertVerificationError": UNREACHED,
}


def trouble_of(error: str) -> str | Promise:
    """`error` is what `delivery.postpone` notes: the error's name, a colon, what it says."""
    return BY_ERROR.get(error.partition(":")[0], NOT_MADE) if error else ""
