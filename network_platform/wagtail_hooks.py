"""What the ground changes in Wagtail for everybody who works there."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static

from network_platform.people.models import User


@hooks.register("get_avatar_url")
def same_picture_for_everybody(user: User, size: int) -> str:
    """Asked before a profile's own picture, which has no address."""
    return versioned_static("wagtailadmin/images/default-user-avatar.png")


@hooks.register("insert_global_admin_css")
def fit_into_a_phone() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("wagtail/desk.css"))


@hooks.register("insert_global_admin_js")
def say_the_rest_again() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("wagtail/words.js"))
