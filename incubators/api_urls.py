"""The registry's part of the API, under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from incubators.api import CallViewSet, CountryViewSet, OrganisationViewSet, ProgrammeViewSet
from incubators.api_open_data import OpenDataDescription, OpenDataFile
from incubators.api_own_entries import OwnOrganisationViewSet
from incubators.api_own_figures import OwnFiguresView, SendOwnFigures
from incubators.api_own_programmes import OwnProgrammeViewSet

router = SimpleRouter()
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("programmes", ProgrammeViewSet, basename="programme")
router.register("calls", CallViewSet, basename="call")
router.register("own/organisations", OwnOrganisationViewSet, basename="own-organisation")
router.register("own/programmes", OwnProgrammeViewSet, basename="own-programme")
router.register("countries", CountryViewSet, basename="country")
urlpatterns = [
    *router.urls,
    path("own/figures/<uuid:uid>/<int:year>/", OwnFiguresView.as_view(), name="own-figures"),
    path("own/figures/<uuid:uid>/<int:year>/submit/", SendOwnFigures.as_view(), name="own-figures-submit"),
    path("open-data/", OpenDataDescription.as_view(), name="open-data"),
    path("open-data/<str:name>", OpenDataFile.as_view(), name="open-data-file"),
]
