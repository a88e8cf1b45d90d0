"""Experts and their roles; requests to them and what follows."""

from mentors.models.engagements import Engagement, Letter
from mentors.models.experts import Expert, ExpertDraft, ExpertLanguage
from mentors.models.reference import Expertise
from mentors.models.requests import Request
from mentors.models.roles import ExpertRole

__all__ = [
    "Engagement",
    "Expert",
    "ExpertDraft",
    "ExpertLanguage",
    "ExpertRole",
    "Expertise",
    "Letter",
    "Request",
]
