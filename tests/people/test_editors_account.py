"""An editor's account in Wagtail."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from wagtail.users.models import UserProfile

from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(settings, tmp_path):
    """Somebody who may enter Wagtail, with a portrait as an older version may have left one."""
    uploads = {"BACKEND": "network_platform.storage.FolderUploads", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": uploads}
    person = PersonFactory()
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    UserProfile.get_for_user(person).avatar.save("portrait.png", ContentFile(b"a face"))
    return person


@pytest.mark.parametrize("path", ["/wagtail/", "/wagtail/account/"])
def test_a_portrait_locks_nobody_out(signed_in, editor, path):
    page = signed_in(editor).get(path)

    assert page.status_code == 200
    assert "default-user-avatar" in page.content.decode()
    assert "portrait" not in page.content.decode()


def test_account_page_takes_what_wagtail_keeps_and_nothing_else(signed_in, editor):
    client = signed_in(editor)
    before = editor.wagtail_userprofile.avatar.name
    typed = {"theme-theme": "dark", "theme-contrast": "system", "theme-density": "default"}

    page = client.get("/wagtail/account/").content.decode()
    answer = client.post("/wagtail/account/", {**typed, "avatar-avatar": ContentFile(b"another", "other.png")})

    profile = UserProfile.objects.get(user=editor)
    assert "avatar-avatar" not in page
    assert "first_name" not in page
    assert answer["Location"] == "/wagtail/account/"
    assert (profile.theme, profile.avatar.name) == ("dark", before)


def test_visitors_do_not_see_the_account_page(client):
    assert client.get("/wagtail/account/")["Location"].startswith("/en/accounts/login/")
