"""One search text for everything that can be found."""

from django.db import models


class SearchDocument(models.Model):
    """A thing as one audience may find it: it holds nothing that this audience may not read.

    `index.py` builds the full-text index over the two token columns.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=60)
    audience = models.CharField(max_length=80)
    language = models.CharField(max_length=8, blank=True)
    title = models.CharField(max_length=300)
    summary = models.CharField(max_length=400, blank=True)
    url = models.CharField(max_length=400)
    country = models.CharField(max_length=2, blank=True)
    place = models.CharField(max_length=200, help_text="Orders documents alike on every database: ASCII, unique.")
    title_tokens = models.TextField()
    body_tokens = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "audience", "language"], name="search_document_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"
