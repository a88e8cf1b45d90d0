"""The registry's part of the API, under /api/v1/."""

from rest_framework.routers import SimpleRouter

from incubators.api import CallViewSet, CountryViewSet, OrganisationViewSet, ProgrammeViewSet

router = SimpleRouter()
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("programmes", ProgrammeViewSet, basename="programme")
router.register("calls", CallViewSet, basename="call")
router.register("countries", CountryViewSet, basename="country")
urlpatterns = router.urls
