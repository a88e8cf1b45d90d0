from django.urls import URLPattern, path

from network_platform.people.views import own, secretariat

urlpatterns: list[URLPattern] = [
    path("desk/", own.desk, name="desk"),
    path("settings/", own.settings, name="settings"),
    path("settings/consents/", own.answer_consent, name="consents"),
    path("settings/data/", own.own_data, name="own-data"),
    path("settings/erase/", own.erase, name="erase"),
    path("settings/erased/", own.erased, name="erased"),
    path("people/", secretariat.people, name="people"),
    path("people/<uuid:uid>/", secretariat.person, name="person"),
    path("people/<uuid:uid>/groups/", secretariat.person_groups, name="person-groups"),
    path("people/<uuid:uid>/access/", secretariat.person_access, name="person-access"),
]
