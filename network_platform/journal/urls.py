from django.urls import URLPattern, path

from network_platform.journal import views

urlpatterns: list[URLPattern] = [
    path("journal/", views.journal, name="journal"),
    path("journal/export.csv", views.export, name="journal-export"),
]
