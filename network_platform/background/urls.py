from django.urls import URLPattern, path

from network_platform.background import views

urlpatterns: list[URLPattern] = [
    path("messages/", views.messages, name="messages"),
    path("messages/retry/", views.retry_all, name="messages-retry"),
    path("messages/<uuid:uid>/retry/", views.retry, name="message-retry"),
]
