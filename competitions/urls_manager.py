"""What managers and observers open."""

from django.urls import path

from competitions.views import manager

MANAGE = "competitions/<slug:slug>/manage/"

urlpatterns = [
    path("competitions/manage/", manager.own, name="managed"),
    path(MANAGE, manager.overview, name="manage"),
    path(f"{MANAGE}entries/", manager.entries, name="manage-entries"),
    path(f"{MANAGE}entries/export.csv", manager.entries_csv, name="manage-entries-csv"),
    path(f"{MANAGE}entries/<uuid:uid>/", manager.entry, name="manage-entry"),
    path(f"{MANAGE}sheets/<uuid:uid>/give-back/", manager.give_back, name="manage-give-back"),
    path(f"{MANAGE}judges/", manager.judges, name="manage-judges"),
    path(f"{MANAGE}judges/<uuid:uid>/", manager.seats, name="manage-seats"),
    path(f"{MANAGE}decision/", manager.decision, name="manage-decision"),
    path(f"{MANAGE}results.json", manager.results, name="manage-results"),
    path(f"{MANAGE}rounds/<uuid:uid>/<slug:act>/", manager.round_act, name="manage-round"),
]
