"""The public's and the teams' pages; judges and managers have their own lists."""

from django.urls import path

from competitions.urls_judge import urlpatterns as judging
from competitions.urls_manager import urlpatterns as managing
from competitions.views import founder, public, team

app_name = "competitions"

ENTRY = "competitions/entries/<uuid:uid>/"

urlpatterns = [
    path("competitions/", public.competitions, name="list"),
    path("competitions/entries/", founder.own, name="entries"),
    path(ENTRY, founder.entry, name="entry"),
    path(f"{ENTRY}<int:number>/", founder.page, name="entry-page"),
    path(f"{ENTRY}<int:number>/save/", founder.autosave, name="entry-autosave"),
    path(f"{ENTRY}review/", founder.review, name="entry-review"),
    path(f"{ENTRY}receipt/", founder.receipt, name="entry-receipt"),
    path(f"{ENTRY}receipt.json", founder.content, name="entry-content"),
    path(f"{ENTRY}revert/", founder.revert, name="entry-revert"),
    path(f"{ENTRY}withdraw/", founder.withdraw, name="entry-withdraw"),
    path(f"{ENTRY}team/", team.team, name="entry-team"),
    path("competitions/invitations/<uuid:uid>/", team.join, name="entry-join"),
    path("competitions/attachments/<uuid:uid>/", founder.attachment, name="attachment"),
    *managing,
    *judging,
    path("competitions/<slug:slug>/", public.competition, name="detail"),
    path("competitions/<slug:slug>/apply/", founder.apply, name="apply"),
]
