"""The WSGI entry point that web servers load."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from network_platform.collector import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_platform.settings")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - imports every view before gunicorn forks: quicker, and shared memory
settle()
