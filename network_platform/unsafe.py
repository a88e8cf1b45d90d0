"""What production must not start with. Each check takes a variable's value and says what is wrong with it, or ''."""

from collections.abc import Callable
from urllib.parse import urlsplit

from network_platform.environment import as_bool, as_list

Check = Callable[[str], str]
THIS_MACHINE = {"127.0.0.1", "localhost", "::1", ""}


def short_secret(value: str) -> str:
    """Long, and not one character over and over."""
    return "is not a secret of at least 50 random characters" if len(value) < 50 or len(set(value)) < 10 else ""


def switched_on(why: str) -> Check:
    return lambda value: f"is on: it {why}" if as_bool(value) else ""


def unshared_cache(value: str) -> str:
    """Production has several processes, and each would count tries to sign in for itself."""
    if not value:
        return "is empty: limits on signing in would be counted by each process for itself"
    shared = value.split(":")[0] in {"redis", "rediss", "unix"}
    return "" if shared else "must be a redis://, rediss:// or unix:// address"


def not_https(value: str) -> str:
    address = urlsplit(value)
    if address.scheme != "https":
        return "must begin with https://"
    return "must be the public address" if (address.hostname or "") in THIS_MACHINE else ""


def open_hosts(value: str) -> str:
    hosts = as_list(value)
    if not hosts or any(host.startswith("*") for host in hosts):
        return "must name the site's own hosts"
    return "has the development hosts only" if set(hosts) <= {*THIS_MACHINE, "[::1]", "testserver"} else ""


def forgetful_broker(value: str) -> str:
    return (
        "must be a redis://, rediss://, valkey or amqp:// address"
        if value.split(":")[0] in {"memory", "filesystem", ""}
        else ""
    )


def an_example(value: str) -> str:
    return "still has the example address" if not value or "example." in value else ""


def open_mail(host: str, backend: str) -> Check:
    """Mail to another machine must be encrypted."""
    remote = host not in THIS_MACHINE and backend.endswith("smtp.EmailBackend")
    return lambda value: "must be starttls or tls for a mail server elsewhere" if remote and value == "none" else ""
