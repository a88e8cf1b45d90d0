"""Uploads and pictures on S3-compatible storage. A module of its own: the client library is large."""

from storages.backends.s3 import S3Storage

from network_platform.storage import ByPictureView, WithoutAddress


class BucketUploads(WithoutAddress, S3Storage):
    pass


class BucketPictures(ByPictureView, S3Storage):
    pass
