from django.urls import path

from network_platform.changes import views

urlpatterns = [
    path("settings/webhooks/", views.webhooks, name="webhooks"),
    path("settings/webhooks/new/", views.new, name="webhook-new"),
    path("settings/webhooks/<uuid:uid>/", views.webhook, name="webhook"),
    path("settings/webhooks/<uuid:uid>/delete/", views.delete, name="webhook-delete"),
    path("settings/webhooks/<uuid:uid>/resume/", views.resume, name="webhook-resume"),
    path("settings/webhooks/deliveries/<uuid:uid>/replay/", views.replay, name="webhook-replay"),
]
