"""The API's root: every app's `api.py` adds its viewsets to one router."""

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """`next`, `previous`, `results`; pages by key, so that page 400 costs what page 1 costs."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "pk"
