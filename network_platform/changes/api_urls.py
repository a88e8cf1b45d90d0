"""The feed's part of the API, under /api/v1/."""

from django.urls import path

from network_platform.changes.api import ChangesView

urlpatterns = [path("changes/", ChangesView.as_view(), name="change-list")]
