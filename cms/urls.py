from django.urls import path, re_path

from cms.views import public

app_name = "cms"
urlpatterns = [
    path("", public.home, name="home"),
    re_path(r"^((?:handbooks|documents)/[\w\-]+)\.pdf$", public.pdf, name="pdf"),
    re_path(r"^((?:[\w\-]+/)+)$", public.page, name="page"),
]
