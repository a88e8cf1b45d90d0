"""This app's part of the API, under /api/v1/."""

from rest_framework.routers import SimpleRouter

from competitions.api import CompetitionViewSet

router = SimpleRouter()
router.register("competitions", CompetitionViewSet, basename="competition")
urlpatterns = router.urls
