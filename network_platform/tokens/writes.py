"""Writes that may be tried again: the same Idempotency-Key does the work once and gets the same answer."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.db import transaction
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from network_platform.tokens.models import KeyedWrite, Token

HEADER = "Idempotency-Key"
LONGEST_KEY = 100
KEPT_HEADERS = ("ETag", "Location")


class KeyUsedOtherwise(APIException):
    status_code = 422
    default_code = "key_used_otherwise"
    default_detail = "This Idempotency-Key came with another request. Take a new key for each write."


def repeatable(write: Callable[..., Response]) -> Callable[..., Response]:
    """For a view's method that writes with a token. What it refuses is not kept: corrected, it may come with its key.

    Everything happens in one transaction, so that of two that arrive at once the second one waits for the first.
    """

    @wraps(write)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        if not key:
            with transaction.atomic():
                return write(view, request, *args, **kwargs)
        if len(key) > LONGEST_KEY or "\x00" in key:
            raise ValidationError({HEADER: [f"At most {LONGEST_KEY} characters."]})
        with transaction.atomic():
            kept, is_first = _kept(request, key)
            if not is_first:
                return _answer_of(kept, request)
            answer = write(view, request, *args, **kwargs)
            _keep(kept, answer)
            return answer

    return once


def _kept(request: Request, key: str) -> tuple[KeyedWrite, bool]:
    token = cast(Token, request.auth)
    Token.objects.select_for_update(no_key=True).get(pk=token.pk)
    return KeyedWrite.objects.get_or_create(token=token, key=key, defaults={"digest": _digest(request)})


def _digest(request: Request) -> str:
    """Of what was asked: method, path, parameters and body."""
    asked = f"{request.method} {request.get_full_path()}\n".encode() + request._request.body
    return hashlib.sha256(asked).hexdigest()


def _answer_of(kept: KeyedWrite, request: Request) -> Response:
    if kept.digest != _digest(request):
        raise KeyUsedOtherwise
    return Response(kept.answer, status=kept.status, headers={**kept.headers, "Idempotent-Replayed": "true"})


def _keep(kept: KeyedWrite, answer: Response) -> None:
    kept.status, kept.answer = answer.status_code, answer.data
    kept.headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    kept.save()
