"""People as the ground's own tests need them: without passwords, in groups."""

import factory
from django.contrib.auth.models import Group

from network_platform.people.models import SECRETARIAT, User


class MemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"member{n}@ground.example")
    name = factory.Sequence(lambda n: f"Участник {n}")
    name_latin = factory.Sequence(lambda n: f"Uchastnik {n}")


class SecretaryFactory(MemberFactory):
    @factory.post_generation
    def membership(self, create, extracted, **kwargs):
        self.groups.add(Group.objects.get_or_create(name=SECRETARIAT)[0])
