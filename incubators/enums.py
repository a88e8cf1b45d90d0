"""The words of the registry."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrganisationKind(models.TextChoices):
    INCUBATOR = "incubator", _("Business incubator")
    ACCELERATOR = "accelerator", _("Accelerator")
    TECHNOPARK = "technopark", _("Technology park")
    UNIVERSITY_INCUBATOR = "university_incubator", _("University incubator or start-up centre")
    HUB = "hub", _("Hub or innovation centre")
    COWORKING = "coworking", _("Co-working space")
    AGENCY = "agency", _("Government agency or ministry")
    VENTURE_FUND = "venture_fund", _("Venture fund")
    ANGEL_NETWORK = "angel_network", _("Business angel network")
    IT_SCHOOL = "it_school", _("IT school")
    ASSOCIATION = "association", _("Association, chamber or network")
    OTHER = "other", pgettext_lazy("kind of organisation", "Other")


class OrganisationStatus(models.TextChoices):
    """Its editors and who serves the country read it in every state, everybody else in those of `PUBLIC_STATUSES`.

    Editors write a `Revision`, which nobody else changes, and the page stays as it is until that is approved:

    - DRAFT, CHANGES_REQUESTED: they write the first one and send it;
    - SUBMITTED: nobody writes; they can take it back until it is answered;
    - DECLINED: they correct it and send it again, or delete it;
    - LISTED, from then on public, and STALE: they propose changes. STALE was not confirmed in time: the platform writes
      it once a day, so that `Organisation.is_out_of_date` also asks for the day of what is still LISTED;
    - SUSPENDED: public no more until it is reinstated; they can propose changes meanwhile;
    - CLOSED: nobody writes any more, and the page says what became of it.
    """

    DRAFT = "draft", pgettext_lazy("organisation", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("organisation", "Waiting for review")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("organisation", "Changes requested")
    DECLINED = "declined", pgettext_lazy("organisation", "Declined")
    LISTED = "listed", pgettext_lazy("organisation", "Listed")
    STALE = "stale", pgettext_lazy("organisation", "Out of date")
    SUSPENDED = "suspended", pgettext_lazy("organisation", "Suspended")
    CLOSED = "closed", pgettext_lazy("organisation", "Closed")


# What everybody may read. A closed organisation keeps its page, so that old links say what became of it.
PUBLIC_STATUSES = (OrganisationStatus.LISTED, OrganisationStatus.STALE, OrganisationStatus.CLOSED)

# What a reviewer may suspend, close or reinstate.
MOVABLE = (OrganisationStatus.LISTED, OrganisationStatus.STALE, OrganisationStatus.SUSPENDED)


class RevisionStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("revision", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("revision", "Waiting for review")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("revision", "Changes requested")
    APPROVED = "approved", pgettext_lazy("revision", "Approved")
    DECLINED = "declined", pgettext_lazy("revision", "Declined")


class DeclineReason(models.TextChoices):
    """Why a listing is declined; its editors read it in their language. OTHER is said in own words."""

    NOT_INCUBATOR = "not_incubator", pgettext_lazy("why declined", "It is not an incubator or accelerator")
    LISTED_ALREADY = "listed_already", pgettext_lazy("why declined", "It is in the registry already")
    OTHER_COUNTRY = "other_country", pgettext_lazy("why declined", "It is outside this country")
    NO_SIGN_OF_LIFE = "no_sign_of_life", pgettext_lazy("why declined", "It gives no sign of life and cannot be reached")
    TOO_LITTLE_TOLD = "too_little_told", pgettext_lazy("why declined", "There is not enough information")
    OTHER = "other", pgettext_lazy("why declined", "Another reason")


# Its editors can write: not sent yet, or come back.
WITH_EDITORS = (RevisionStatus.DRAFT, RevisionStatus.CHANGES_REQUESTED)

OPEN_REVISIONS = (RevisionStatus.DRAFT, RevisionStatus.SUBMITTED, RevisionStatus.CHANGES_REQUESTED)


class NameKind(models.TextChoices):
    DISPLAY = "display", pgettext_lazy("kind of name", "Name")
    LABEL = "label", pgettext_lazy("kind of name", "Name in another language")
    ALIAS = "alias", pgettext_lazy("kind of name", "Also known as")
    ACRONYM = "acronym", pgettext_lazy("kind of name", "Short name")


class Script(models.TextChoices):
    LATIN = "Latn", _("Latin")
    CYRILLIC = "Cyrl", _("Cyrillic")
    ARABIC = "Arab", _("Arabic")


class Origin(models.TextChoices):
    """Where an organisation's entry came from."""

    EDITOR = "editor", _("Listed by the organisation itself")
    IMPORT = "import", _("Taken from a public source")


class MemberRole(models.TextChoices):
    OWNER = "owner", pgettext_lazy("member", "Owner")
    EDITOR = "editor", pgettext_lazy("member", "Editor")


class StartupRole(models.TextChoices):
    OWNER = "owner", pgettext_lazy("member", "Owner")
    MEMBER = "member", pgettext_lazy("member", "Team member")


class FieldGroup(models.TextChoices):
    """Parts of an entry that are confirmed, and grow old, together."""

    NAMES = "names", _("Names")
    FACTS = "facts", _("Facts")
    DESCRIPTION = "description", _("Description")


class StartupStage(models.TextChoices):
    IDEA = "idea", pgettext_lazy("stage", "Idea")
    PROTOTYPE = "prototype_mvp", pgettext_lazy("stage", "Prototype / MVP")
    EARLY_REVENUE = "early_revenue", pgettext_lazy("stage", "Early revenue")
    GROWTH = "growth", pgettext_lazy("stage", "Growth")
    SCALE = "scale", pgettext_lazy("stage", "Scale / export")

    @property
    def definition(self) -> str:
        return str(STAGE_DEFINITIONS[self])


STAGE_DEFINITIONS = {
    StartupStage.IDEA: _("Problem and solution are hypotheses; there is no product yet."),
    StartupStage.PROTOTYPE: _("A working prototype or the smallest testable product has been shown to first users."),
    StartupStage.EARLY_REVENUE: _("The product is launched and has its first customers and sales."),
    StartupStage.GROWTH: _("The market's interest is shown; the effort goes into winning more customers."),
    StartupStage.SCALE: _("The company expands to further markets or exports."),
}


class ImportKind(models.TextChoices):
    """What the rows of a file are."""

    ORGANISATIONS = "organisations", _("Organisations")
    PROGRAMMES = "programmes", _("Programmes")
    STARTUPS = "startups", _("Start-ups")
    FIGURES = "figures", _("Yearly figures")


class ImportStatus(models.TextChoices):
    CHECKED = "checked", pgettext_lazy("import", "Checked")
    WAITING = "waiting", pgettext_lazy("import", "Being imported")
    DONE = "done", pgettext_lazy("import", "Imported")
    UNDOING = "undoing", pgettext_lazy("import", "Being taken back")
    UNDONE = "undone", pgettext_lazy("import", "Undone")


class ClaimStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("claim", "Waiting for an answer")
    GRANTED = "granted", pgettext_lazy("claim", "Granted")
    REFUSED = "refused", pgettext_lazy("claim", "Refused")


class InvitationStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("invitation", "Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Taken back")


class ProgrammeKind(models.TextChoices):
    INCUBATION = "incubation", pgettext_lazy("kind of programme", "Incubation")
    PRE_ACCELERATION = "pre_acceleration", pgettext_lazy("kind of programme", "Pre-acceleration")
    ACCELERATION = "acceleration", pgettext_lazy("kind of programme", "Acceleration")
    TRAINING = "training", pgettext_lazy("kind of programme", "Training")
    GRANT = "grant", pgettext_lazy("kind of programme", "Grants")
    SOFT_LANDING = "soft_landing", pgettext_lazy("kind of programme", "Soft landing")
    OTHER = "other", pgettext_lazy("kind of programme", "Other")


class ProgrammeStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("programme", "Draft")
    PUBLISHED = "published", pgettext_lazy("programme", "Running")
    ENDED = "ended", pgettext_lazy("programme", "Ended")


class CallStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("call", "Draft")
    PUBLISHED = "published", pgettext_lazy("call", "Published")
    CLOSED = "closed", pgettext_lazy("call", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("call", "Withdrawn")


class PlacementStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("placement", "Waiting for the founders")
    CONFIRMED = "confirmed", pgettext_lazy("placement", "Confirmed")
    REFUSED = "refused", pgettext_lazy("placement", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("placement", "Taken back")


# The start-up's team can say yes or no, and later the other.
ANSWERABLE_PLACEMENTS = (PlacementStatus.PROPOSED, PlacementStatus.CONFIRMED, PlacementStatus.REFUSED)


class PlacementOutcome(models.TextChoices):
    """How a start-up left a cohort; empty while it is there."""

    GRADUATED = "graduated", pgettext_lazy("placement", "Graduated")
    LEFT = "left", pgettext_lazy("placement", "Left early")
    CLOSED = "closed", pgettext_lazy("placement", "Stopped working")


class FigureUnit(models.TextChoices):
    COUNT = "count", pgettext_lazy("unit", "Number")
    PEOPLE = "people", pgettext_lazy("unit", "People")
    MONEY = "money", pgettext_lazy("unit", "Money")


class MoneyKind(models.TextChoices):
    GRANT = "grant", pgettext_lazy("kind of money", "Grants and prizes")
    EQUITY = "equity", pgettext_lazy("kind of money", "Equity")
    LOAN = "loan", pgettext_lazy("kind of money", "Loans")
    OTHER = "other", pgettext_lazy("kind of money", "Other money")


class FiguresStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("figures", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("figures", "Waiting for review")
    QUERIED = "queried", pgettext_lazy("figures", "A question is open")
    ACCEPTED = "accepted", pgettext_lazy("figures", "Accepted")


# Who serves the country can accept them or ask about them.
ANSWERABLE_FIGURES = (FiguresStatus.SUBMITTED, FiguresStatus.ACCEPTED)


class PairStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("pair", "To be looked at")
    DIFFERENT = "different", pgettext_lazy("pair", "Two organisations")
    MERGED = "merged", pgettext_lazy("pair", "Merged")


class TransferStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("transfer", "Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("transfer", "Accepted")
    REFUSED = "refused", pgettext_lazy("transfer", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("transfer", "Taken back")


class RemarkStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("remark", "To be looked at")
    MENDED = "mended", pgettext_lazy("remark", "Mended")
    SET_ASIDE = "set_aside", pgettext_lazy("remark", "Set aside")
