"""The registry's part of the API, under /api/v1/."""

from rest_framework.routers import SimpleRouter

from incubators.api import CountryViewSet, OrganisationViewSet

router = SimpleRouter()
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("countries", CountryViewSet, basename="country")
urlpatterns = router.urls
