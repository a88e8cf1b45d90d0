from rest_framework.routers import SimpleRouter

from mentors.api import ExpertViewSet

router = SimpleRouter()
router.register("experts", ExpertViewSet, basename="expert")
urlpatterns = router.urls
