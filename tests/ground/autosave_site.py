"""A small site for the autosave tests: one form, one endpoint that keeps to the protocol, and knobs to break it."""

import time

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template import RequestContext, Template
from django.urls import path

from network_platform import urls
from network_platform.drafts import Seen, compare
from network_platform.saving import seen_of

PAGE = """{% extends "base.html" %}
{% block title %}Autosave{% endblock %}
{% block head %}{% include "components/autosave.html" %}{% endblock %}
{% block main %}<div class="wide"><h1>Form</h1>{% include "components/saved.html" %}
<form method="post" action="/en/final/" novalidate autocomplete="off" data-autosave="/en/save/" data-key="test:1:anna">{% csrf_token %}
<input type="hidden" name="version" value="{{ version }}">{% if seen %}<input type="hidden" name="seen" value="{{ seen }}">{% endif %}
<div class="field"><label for="id_answer">Answer</label><textarea class="form-control" id="id_answer" name="answer">{{ fields.answer }}</textarea></div>
<div class="field"><label for="id_title">Title</label>{% if missing %}<p class="help" id="id_title_helptext">In a word</p><div id="id_title_error"><p class="err">Write a title.</p></div>{% endif %}<input class="form-control" id="id_title" name="title" value="{{ fields.title }}"{% if missing %} aria-invalid="true" aria-describedby="id_title_helptext id_title_error"{% endif %}></div>
<fieldset class="crit"{% if missing %} aria-describedby="id_level_error"{% endif %}><legend>Level</legend><div>{% if missing %}<div id="id_level_error"><p class="err">Choose a level.</p></div>{% endif %}{% for n in "012345" %}<label class="level"><input type="radio" name="level" value="{{ n }}"{% if fields.level == n %} checked{% endif %}><b>{{ n }}</b><span>Level {{ n }}</span></label>{% endfor %}</div></fieldset>
<button class="btn" name="act" value="next">Send</button></form></div>{% endblock %}"""
RECEIPT = """{% extends "base.html" %}{% block title %}Receipt{% endblock %}
{% block main %}<h1>Received</h1><i hidden data-clears="test:1:"></i>{% endblock %}"""
REVIEW = """{% extends "base.html" %}{% block title %}Review{% endblock %}
{% block main %}<h1>Review</h1><p hidden data-kept="test:1:anna#">Not sent yet</p><p hidden data-kept="test:2:anna#">Nor this</p>{% endblock %}"""

UPLOAD = """{% extends "base.html" %}{% block title %}Upload{% endblock %}
{% block main %}<h1>Upload</h1><form method="post" enctype="multipart/form-data">{% csrf_token %}<input type="file" name="slides"><div class="acts"><button name="act" value="upload">Upload</button></div></form>{% endblock %}"""

FORGETTING = """{% include "components/kept.html" with key="test:1:anna" %}
<details><summary>Outer</summary><details><summary>Fold</summary><label for="id_comment">Comment</label><textarea id="id_comment" name="comment"></textarea></details></details>
<details><summary>Another</summary><label for="id_empty">Empty</label><textarea id="id_empty" name="empty"></textarea></details>
<a href="/en/alone/?theirs" data-forgets="test:1:anna">Keep these instead</a>"""


class Server:
    """What the server holds, and how it behaves."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {"answer": "", "title": "", "level": ""}
        self.version = 1
        self.seen: dict[str, int] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.status = 0
        self.lose_answers = 0
        self.delay = 0.0
        self.wrong: dict[str, str] | None = None
        self.finals: list[dict[str, str]] = []
        self.unheard: list[list[str]] = []  # of each final, what its page sent and got no answer to
        self.merges = False
        self.missing = False  # the page comes with mistakes at its fields

    def write(self, **fields: str) -> None:
        self.fields.update(fields)
        self.version += 1


_standing = Server()


def start() -> Server:
    """A server of its own for each test: what an earlier page still sends reaches the earlier one."""
    global _standing
    _standing = Server()
    return _standing


def form(request: HttpRequest) -> HttpResponse:
    server = _standing
    context = {"version": server.version, "fields": server.fields, "missing": server.missing}
    if server.merges:
        context["seen"] = Seen.of(server.fields)
    return HttpResponse(Template(PAGE).render(RequestContext(request, context)))


def save(request: HttpRequest) -> HttpResponse:
    server = _standing  # the one that stood when the request came
    sent = {name: request.POST.get(name, "") for name in server.fields}
    identity = request.headers["X-Save-Id"]
    assert request.headers["X-Autosave"] == "1"
    server.requests.append((identity, sent))
    time.sleep(server.delay)
    if server.status:
        return HttpResponse(status=server.status)
    theirs, clashes = _compare(server, request, sent)
    if identity not in server.seen:
        if clashes:
            standing = str(Seen.of(server.fields)) if server.merges else None
            return JsonResponse({"version": server.version, "theirs": clashes, "seen": standing}, status=409)
        server.write(**{**sent, **theirs})
        server.seen[identity] = server.version
    if server.lose_answers:
        server.lose_answers -= 1
        return HttpResponse(status=502)
    answer = {"version": server.version, "saved_at": "2026-12-14T12:00:00Z"}
    if server.merges:
        answer |= {"theirs": theirs, "seen": str(Seen.of({**sent, **theirs}))}
    if server.wrong is not None:
        answer |= {"wrong": server.wrong, "words": "Not saved: one answer" if server.wrong else ""}
    return JsonResponse(answer)


def _compare(server: Server, request: HttpRequest, sent: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What others changed, and what clashes, since the version on which the page is based."""
    if int(request.POST["version"]) == server.version:
        return {}, {}
    if not server.merges:
        return {}, server.fields
    return compare(mine=sent, stands=server.fields, seen=seen_of(request))


def final(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        _standing.finals.append(request.POST.dict())
        _standing.unheard.append([QueryDict(text)["answer"] for text in request.POST.getlist("unheard")])
        time.sleep(_standing.delay)
    return HttpResponse(Template(RECEIPT).render(RequestContext(request, {})))


def alone(request: HttpRequest) -> HttpResponse:
    """The same form without a draft on the server; what is too short comes back."""
    fields = {"answer": request.POST.get("answer", "")}
    if len(fields["answer"]) > 5:
        return final(request)
    page = PAGE.replace('action="/en/final/"', "").replace('data-autosave="/en/save/"', "data-keeps")
    page = page.replace("</form>", f"{FORGETTING}</form>")
    context = {"version": _standing.version, "fields": fields}
    return HttpResponse(Template(page).render(RequestContext(request, context)))


def docked(request: HttpRequest) -> HttpResponse:
    """The same form with its button and its line in a bar at the foot of the window, as a score sheet has them."""
    line = '{% include "components/saved.html" %}'
    button = '<button class="btn" name="act" value="next">Send</button>'
    page = PAGE.replace(line, "").replace(button, "").replace("<form ", '<form id="sheet" ')
    words = f'<div class="says"><p class="m-0 small num">Total</p>{line}</div>'
    acts = f'<span class="acts">{button.replace("<button ", """<button form="sheet" """)}</span>'
    dock = f'<div class="dock scoring"><div class="wide">{words}{acts}</div></div>'
    page += "{% block dock %}" + dock + "{% endblock %}"
    context = {"version": _standing.version, "fields": _standing.fields}
    return HttpResponse(Template(page).render(RequestContext(request, context)))


def review(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Template(REVIEW).render(RequestContext(request, {})))


def upload(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Template(UPLOAD).render(RequestContext(request, {})))


urlpatterns = [
    path("en/form/", form),
    path("en/save/", save),
    path("en/final/", final),
    path("en/alone/", alone),
    path("en/docked/", docked),
    path("en/review/", review),
    path("en/upload/", upload),
    *urls.urlpatterns,
]
