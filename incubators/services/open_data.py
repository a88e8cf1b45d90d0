"""The nightly dump of what is public: written aside, shown as a whole, the last ones kept."""

import hashlib
from collections.abc import Iterable, Mapping

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from incubators.models import OpenDataDump
from incubators.open_data import description_of, digest_of, tables, with_description

KEPT = 7


def write_open_data() -> OpenDataDump:
    """The newest dump: one more if anything that it says has changed, else the last one, found to be so still."""
    files, now = tables(), timezone.now()
    digest, latest = digest_of(description_of(files)), OpenDataDump.objects.first()
    if latest and latest.digest == digest and latest.is_whole:
        latest.checked_at = now
        latest.save(update_fields=["checked_at"])
        return latest
    files = with_description(files, made_at=now)
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    dump = OpenDataDump(digest=digest, checksums=checksums, made_at=now, checked_at=now)
    _write(dump, files)
    dump.save()
    _forget(OpenDataDump.objects.all()[KEPT:])
    return dump


def _write(dump: OpenDataDump, files: Mapping[str, bytes]) -> None:
    """Nobody is given a file before the row is there; what cannot be written whole goes again."""
    try:
        for name, content in files.items():
            default_storage.save(f"{dump.folder}/{name}", ContentFile(content))
    except BaseException:
        _remove(dump)
        raise


def _forget(dumps: Iterable[OpenDataDump]) -> None:
    for dump in list(dumps):
        dump.delete()
        _remove(dump)


def _remove(dump: OpenDataDump) -> None:
    for name in dump.checksums:
        default_storage.delete(f"{dump.folder}/{name}")
    default_storage.delete(dump.folder)
