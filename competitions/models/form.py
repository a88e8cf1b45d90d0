"""The application form: a version that is used once is never changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from competitions.enums import QuestionKind
from competitions.models.competition import Competition
from network_platform.languages import in_language


class FormVersion(models.Model):
    """`digest` is the SHA-256 of the questions' canonical JSON, written when the version is locked."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="forms")
    number = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("application form")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="form_number_once"),
            models.UniqueConstraint(fields=["competition"], condition=Q(is_current=True), name="form_current_once"),
            models.CheckConstraint(condition=Q(locked_at__isnull=True) | ~Q(digest=""), name="form_locked_with_digest"),
        ]


class Section(models.Model):
    """One page of the form."""

    form = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField(default=0)
    titles = models.JSONField(default=dict)
    intros = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return in_language(self.titles)


class Question(models.Model):
    """`code` is the key of the answer. `choices` is a list of {"value", "labels"}; limits apply by `kind`."""

    form = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="questions")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField(default=0)
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=12, choices=QuestionKind)
    texts = models.JSONField(default=dict)
    helps = models.JSONField(default=dict, blank=True)
    choices = models.JSONField(default=list, blank=True)
    required = models.BooleanField(default=False)
    max_length = models.PositiveIntegerField(null=True, blank=True)
    minimum = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    max_files = models.PositiveSmallIntegerField(default=1)
    identifies_applicant = models.BooleanField(default=False)
    shown_to_judges = models.BooleanField(default=True)

    class Meta:
        ordering = ["section__order", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["form", "code"], name="question_code_once")]

    def __str__(self) -> str:
        return in_language(self.texts)
