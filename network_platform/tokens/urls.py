from django.urls import path

from network_platform.tokens import views

urlpatterns = [
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/new/", views.new, name="token-new"),
    path("settings/tokens/<uuid:uid>/revoke/", views.revoke, name="token-revoke"),
]
