"""The experts' database at 300 experts: CPU milliseconds and queries of its pages and of what people write there.

    PLATFORM_VAR=/tmp/bench python benchmarks/mentoring.py [experts]

It migrates, lets invented experts join once (seeded, the same every time) and asks. A visitor's page is measured made
anew after something was written about an expert, made anew at an address that nobody has asked for, and kept.
"""

import random
import sys
import uuid
from collections.abc import Callable
from itertools import count

from _measuring import anew, answer, kept, often, once  # isort: skip
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from incubators.models import Country, Sector
from mentors.enums import Availability, RoleKind, SpokenLanguage, Visibility
from mentors.forms.contents import content_of
from mentors.models import Expert, ExpertDraft, Expertise, ExpertRole, Request
from mentors.services.profiles import Offer, Profile, submit_profile
from mentors.services.requests import withdraw_request
from mentors.services.roles import move_roles
from mentors.services.search_text import TOPIC
from network_platform.page_cache import touch
from network_platform.people.models import User

SEED = 20261123
FIRST = ["Primer", "Namuna", "Ulgi", "Mysal", "Obrazets", "Misol", "Nusga", "Synag", "Tajriba", "Ornak"]
TEXT = "prices pilots with farms, reads contracts, opens doors to buyers and says early what will not sell at all"


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@mentoring.example", name=name.title(), time_zone="Asia/Almaty")


def invented(name: str, chance: random.Random) -> Profile:
    words = TEXT.split()
    roles = chance.sample(RoleKind.values, chance.choice([1, 1, 2, 3]))
    return Profile(
        name=name,
        name_latin=name,
        country=chance.choice(list(Country.objects.all())),
        time_zone=chance.choice(["Asia/Almaty", "Asia/Baku", "Asia/Kabul", "Asia/Tashkent"]),
        headline={"en": " ".join(chance.sample(words, 8)), "ru": "Помогает продавать"},
        bio={"en": " ".join(chance.choices(words, k=120))},
        languages=dict.fromkeys(chance.sample(SpokenLanguage.values, 3), "fluent"),
        offers={role: Offer(chance.randint(1, 5), chance.choice(Availability.values)) for role in roles},
        visibility=chance.choice([Visibility.PUBLIC] * 5 + [Visibility.NETWORK]),
        skills=chance.sample(list(Expertise.objects.all()), 4),
        sectors=chance.sample(list(Sector.objects.all()), 2),
        stages=["idea", "growth"],
    )


@transaction.atomic
def fill(number: int) -> None:
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    secretary = person("secretary")
    secretary.groups.add(Group.objects.get_or_create(name="secretariat")[0])
    secretary = User.objects.get(pk=secretary.pk)
    for n in range(number):
        name = f"{chance.choice(FIRST)} {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}"
        expert = submit_profile(by=person(f"expert-{n}"), profile=invented(name, chance))
        move_roles(roles=expert.roles.all(), to="approved", by=secretary)


def written(client: Client, path: str) -> Callable[[], None]:
    """A page after something was written about an expert."""

    def act() -> None:
        touch(TOPIC)
        answer(client, path)

    return act


def typing(expert: Expert) -> Callable[[], None]:
    """One more save of a whole form, as the script sends it."""
    client, draft = Client(), ExpertDraft.objects.get_or_create(user=expert.user)[0]
    client.force_login(expert.user)
    data, versions = content_of(expert), count(draft.version)

    def act() -> None:
        sent = {**data, "version": next(versions)}
        response = client.post("/en/mentors/join/autosave/", sent, headers={"X-Save-Id": str(uuid.uuid4())})
        assert response.status_code == 200, response.content

    return act


def asking(roles: list[ExpertRole]) -> Callable[[], None]:
    """Ask somebody new each time, on the page, as a person who has not asked before."""
    clients = []
    for n, _role in enumerate(roles):
        client = Client()
        client.force_login(User.objects.filter(email=f"asker-{n}@mentoring.example").first() or person(f"asker-{n}"))
        clients.append(client)
    turn = iter(zip(clients, roles, strict=True))

    def act() -> None:
        client, role = next(turn)
        language = role.expert.languages.first().language
        data = {"role": str(role.uid), "need": TEXT, "language": language}
        response = client.post(f"/en/mentors/{role.expert.slug}/ask/", data)
        assert response.status_code == 302, response.context["form"].errors

    return act


def forget_requests() -> None:
    """A second run may ask again."""
    for asked in Request.objects.offered():
        withdraw_request(asked=asked, by=asked.asker)


def main(number: int) -> None:
    call_command("migrate", verbosity=0)
    print(f"{connection.vendor}, {number} experts")
    if Expert.objects.count() < number:
        fill(number)
    client, signed_in = Client(), Client()
    role = ExpertRole.objects.public().exclude(availability="closed").select_related("expert__user").order_by("pk")[7]
    signed_in.force_login(User.objects.get(email="secretary@mentoring.example"))
    often("list, with an empty cache", anew(client, "/en/mentors/"))
    often("list, after something was written", written(client, "/en/mentors/"))
    often("list at another address", kept(client, "/en/mentors/?availability=open"))
    often("list with three filters", kept(client, "/en/mentors/?role=mentor&country=KZ&country=KG&skill=legal"))
    often("list with words", kept(client, "/en/mentors/?q=farms"))
    often("list in Russian with words and filters", kept(client, "/ru/mentors/?q=contracts&role=tracker&skill=legal"))
    often("list, kept", kept(client, "/en/mentors/"))
    often("list for somebody signed in", kept(signed_in, "/en/mentors/"))
    often("profile page, after something was written", written(client, f"/en/mentors/{role.expert.slug}/"))
    often("profile page, kept", kept(client, f"/en/mentors/{role.expert.slug}/"))
    often("API, 50 experts", kept(client, "/api/v1/experts/"))
    often("autosave of a profile", typing(role.expert))
    forget_requests()
    others = ExpertRole.objects.public().exclude(availability="closed").select_related("expert").order_by("-pk")
    often("asking an expert", asking(list(others[:17])))
    once("CSV of everybody, streamed", anew(client, "/en/mentors/export/"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
