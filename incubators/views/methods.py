"""Which methods a view answers; all others get 405."""

from django.views.decorators.http import require_http_methods

reads = require_http_methods(["GET", "HEAD", "OPTIONS"])
reads_and_writes = require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
