"""What judges open."""

from django.urls import path

from competitions.views import judge

urlpatterns = [
    path("judging/", judge.queue, name="judging"),
    path("judging/<slug:slug>/invitation/", judge.invitation, name="judge-invitation"),
    path("judging/<slug:slug>/conflicts/", judge.conflicts, name="judge-conflicts"),
    path("judging/sheets/<uuid:uid>/", judge.sheet, name="judge-sheet"),
    path("judging/sheets/<uuid:uid>/autosave/", judge.autosave, name="judge-autosave"),
    path("judging/sheets/<uuid:uid>/reopen/", judge.reopen, name="judge-reopen"),
    path("judging/sheets/<uuid:uid>/recuse/", judge.recuse, name="judge-recuse"),
]
