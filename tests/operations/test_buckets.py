"""The same storage on an S3-compatible service: a real server in this process, no address given away."""

from collections.abc import Iterator

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from moto.server import ThreadedMotoServer

pytestmark = pytest.mark.django_db
BUCKET = {"bucket_name": "uploads", "region_name": "eu-central-1", "access_key": "key", "secret_key": "secret"}


@pytest.fixture
def _bucket(settings) -> Iterator[None]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="eu-central-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    client.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    options = {**BUCKET, "endpoint_url": endpoint, "default_acl": "private", "file_overwrite": False}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "network_platform.buckets.BucketUploads", "OPTIONS": {**options, "location": "uploads"}},
        "renditions": {
            "BACKEND": "network_platform.buckets.BucketPictures",
            "OPTIONS": {**options, "location": "pictures"},
        },
    }
    yield
    server.stop()


@pytest.mark.usefixtures("_bucket")
def test_files_go_to_the_bucket_and_come_back_through_our_views(client: Client) -> None:
    plan = storages["default"].save("plan.pdf", ContentFile(b"%PDF"))
    lab = storages["renditions"].save("lab.png", ContentFile(b"\x89PNG"))

    with storages["default"].open(plan) as file:
        assert file.read() == b"%PDF"
    with pytest.raises(ValueError, match="not accessible via a URL"):
        storages["default"].url(plan)
    response = client.get(storages["renditions"].url(lab))
    assert b"".join(response.streaming_content) == b"\x89PNG"
    assert storages["default"].save("plan.pdf", ContentFile(b"%PDF")) != plan
