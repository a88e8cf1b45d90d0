from django.urls import URLPattern, path

from network_platform.search import views

urlpatterns: list[URLPattern] = [path("search/", views.search, name="search")]
