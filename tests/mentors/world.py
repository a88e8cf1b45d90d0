"""Experts and requests for the access matrix."""

from types import SimpleNamespace

from django.utils import timezone

from incubators.models import FocalPoint
from mentors.enums import RoleState, Visibility
from mentors.models import Engagement, Expert, ExpertRole, Request
from tests.matrix.engine import World
from tests.mentors.factories import EngagementFactory, ExpertFactory, ExpertRoleFactory, RequestFactory, country


def build(world: World) -> None:
    """`own` holds what belongs to Kazakhstan and to the role "expert"; `foreign` to Kyrgyzstan and to strangers."""
    for role, is_deputy in (("focal", False), ("deputy", True)):
        terms = FocalPoint.objects.current().filter(user=world.user(role), country=country("KZ"))
        if not terms.exists():
            FocalPoint.objects.create(user=world.user(role), country=country("KZ"), is_deputy=is_deputy)
    own = ExpertFactory(user=world.user("expert"), slug="matrix-expert")
    fill(world.own, own, world.user("founder"))
    fill(world.foreign, ExpertFactory(country=country("KG"), slug="matrix-stranger"), None)


def fill(side: SimpleNamespace, expert: Expert, asker: object) -> None:
    side.expert = expert
    side.expert_role: ExpertRole = ExpertRoleFactory(expert=expert)
    side.waiting_role = ExpertRoleFactory(expert__country=expert.country, state=RoleState.SUBMITTED)
    side.network_expert = ExpertRoleFactory(expert__country=expert.country, visibility=Visibility.NETWORK).expert
    side.hidden_expert = ExpertRoleFactory(expert__country=expert.country, visibility=Visibility.HIDDEN).expert
    by = {"asker": asker} if asker else {}
    side.request: Request = RequestFactory(role=side.expert_role, **by)
    side.engagement: Engagement = EngagementFactory(
        request__role=side.expert_role,
        request__answered_at=timezone.now(),
        **{f"request__{k}": v for k, v in by.items()},
    )
