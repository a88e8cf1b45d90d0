"""Uploads have no address; pictures for pages do, and nothing but pictures."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings) -> None:
    options = {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {
        **settings.STORAGES,
        "renditions": {"BACKEND": "network_platform.storage.FolderPictures", **options},
    }


def test_a_picture_is_kept_by_browsers(client: Client) -> None:
    name = storages["renditions"].save("lab.png", ContentFile(b"\x89PNG"))

    response = client.get(storages["renditions"].url(name))

    assert b"".join(response.streaming_content) == b"\x89PNG"
    assert response["Content-Type"] == "image/png"
    assert "immutable" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["page.html", "logo.svg", "notes.txt", "none.png"])
def test_nothing_but_pictures_is_handed_out(name: str, client: Client) -> None:
    if name != "none.png":
        storages["renditions"].save(name, ContentFile(b"<script>"))

    assert client.get(f"/pictures/{name}").status_code == 404


def test_no_way_out_of_the_folder(client: Client) -> None:
    assert client.get("/pictures/../../etc/passwd.png").status_code == 404
    assert client.get("/pictures/..%2f..%2fsecret.png").status_code == 404


def test_uploads_have_no_address() -> None:
    with pytest.raises(ValueError, match="not accessible via a URL"):
        storages["default"].url("plan.pdf")
