"""Input shapes of this app."""

from mentors.forms.consent import ConsentForm
from mentors.forms.profile import ProfileForm
from mentors.forms.requests import AcceptForm, AskForm, DeclineForm, LetterForm
from mentors.forms.reviews import AvailabilityForm, ReviewForm

__all__ = [
    "AcceptForm",
    "AskForm",
    "AvailabilityForm",
    "ConsentForm",
    "DeclineForm",
    "LetterForm",
    "ProfileForm",
    "ReviewForm",
]
