"""The pages of the site."""

from cms.models.countries import CountryIndexPage, CountryPage
from cms.models.documents import DocumentIndexPage, DocumentPage, SectionPage
from cms.models.handbooks import ChapterPage, HandbookIndexPage, HandbookPage
from cms.models.home import HomePage
from cms.models.info import InfoPage
from cms.models.news import NewsIndexPage, NewsPage

__all__ = [
    "ChapterPage",
    "CountryIndexPage",
    "CountryPage",
    "DocumentIndexPage",
    "DocumentPage",
    "HandbookIndexPage",
    "HandbookPage",
    "HomePage",
    "InfoPage",
    "NewsIndexPage",
    "NewsPage",
    "SectionPage",
]
