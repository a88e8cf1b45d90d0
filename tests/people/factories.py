"""People for tests. Their password is hashed once."""

from functools import cache

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from network_platform.people.models import SECRETARIAT, User

PASSWORD = "seven rivers of sand"


@cache
def encoded(password: str, hasher: str) -> str:
    return make_password(password, hasher=hasher)


class PersonFactory(factory.django.DjangoModelFactory):
    """Somebody with a verified address and `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@people.example")
    name = factory.Sequence(lambda n: f"Персона {'аб'[n % 2]}")
    name_latin = "Persona Sample"
    language = "en"
    time_zone = "Asia/Bishkek"
    password = factory.LazyFunction(lambda: encoded(PASSWORD, "md5"))

    @factory.post_generation
    def address(self, create, extracted, **kwargs):
        if create:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class SecretariatFactory(PersonFactory):
    @factory.post_generation
    def membership(self, create, extracted, **kwargs):
        self.groups.add(Group.objects.get_or_create(name=SECRETARIAT)[0])
