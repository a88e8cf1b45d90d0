"""Addresses of the experts' database; all begin with `mentors/`."""

from django.urls import path

from mentors.views import asker, expert, public, requests, reviewer

app_name = "mentors"
urlpatterns = [
    path("mentors/", public.experts, name="list"),
    path("mentors/export/", public.export, name="export"),
    path("mentors/join/", expert.join, name="join"),
    path("mentors/join/autosave/", expert.autosave, name="autosave"),
    path("mentors/join/preview/", expert.preview, name="preview"),
    path("mentors/mine/", expert.mine, name="mine"),
    path("mentors/mine/leave/", expert.leave, name="leave"),
    path("mentors/mine/<uuid:uid>/", expert.move_role, name="role-move"),
    path("mentors/mine/<uuid:uid>/availability/", expert.set_availability, name="role-availability"),
    path("mentors/queue/", reviewer.queue, name="queue"),
    path("mentors/queue/<uuid:uid>/", reviewer.review, name="review"),
    path("mentors/requests/", requests.both_sides, name="requests"),
    path("mentors/requests/<uuid:uid>/", requests.detail, name="request"),
    path("mentors/requests/<uuid:uid>/accept/", requests.accept, name="accept"),
    path("mentors/requests/<uuid:uid>/decline/", requests.decline, name="decline"),
    path("mentors/requests/<uuid:uid>/withdraw/", requests.withdraw, name="withdraw"),
    path("mentors/requests/<uuid:uid>/write/", requests.write, name="write"),
    path("mentors/requests/<uuid:uid>/end/", requests.end, name="end"),
    path("mentors/<slug:slug>/", public.detail, name="detail"),
    path("mentors/<slug:slug>/ask/", asker.ask, name="ask"),
]
