"""What the ground changes in Wagtail for everybody who works there."""

from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static

from network_platform.people.models import User


@hooks.register("get_avatar_url")
def same_picture_for_everybody(user: User, size: int) -> str:
    """Asked before a profile's own picture, which has no address."""
    return versioned_static("wagtailadmin/images/default-user-avatar.png")
