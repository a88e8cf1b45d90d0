"""The site's part of the access matrix; see tests/matrix/engine.py."""

from django.contrib.auth.models import Group

from cms.services.site import country_group_name, prepare_site
from tests.cms.factories import chapter, country_page, handbook, news
from tests.matrix.engine import World


def build(world: World) -> None:
    prepare_site()
    world.user("cms_editor").groups.add(Group.objects.get(name=country_group_name("KZ")))
    guide = handbook(slug="matrix-guide", chapters=0)
    chapter(guide, slug="one")
    for side, iso2 in ((world.own, "KZ"), (world.foreign, "KG")):
        side.published_news = news(country_page(iso2), title=f"News of {iso2}")
        side.unpublished_news = news(country_page(iso2), title=f"Draft of {iso2}", live=False)
        side.guide = guide
