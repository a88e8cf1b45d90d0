"""Where files are kept: uploads, which have no address, and the pictures that were made from them for pages."""

from collections.abc import Iterable, Iterator
from typing import Any

import brotli
from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

LARGE = 60_000


class WithoutAddress:
    """Uploads are handed out by views that ask the rules first, never by an address of their own."""

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        raise ValueError("This file is not accessible via a URL: link to the view that hands it out.")


class ByPictureView:
    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        return reverse("picture", args=[name])


class FolderUploads(WithoutAddress, FileSystemStorage):
    pass


class FolderPictures(ByPictureView, FileSystemStorage):
    pass


class QuickBrotli(Compressor):
    """Brotli's best for pages' own files; its best costs seconds for each of the admin's large scripts."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=11 if len(data) < LARGE else 7)


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Only names with a digest are compressed: pages name no others."""

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickBrotli(**options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files(set(paths) & set(self.hashed_files.values()))
