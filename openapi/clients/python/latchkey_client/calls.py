"""Calls of operations: how they are sent, and what their responses mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from .decoding import Reader, Result, reader
from .models import BASE_PATH, VERSION, Problem
from .problems import UnexpectedAnswerError, problem_error


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An operation with its values."""

    operation: str
    method: str
    path: str
    secured: bool
    typed: bool
    """Whether a person at a form waits for it."""
    query: Mapping[str, object] | None = None
    body: Mapping[str, object] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    """A body that is no JSON."""
    if_match: str | None = None
    idempotency_key: str | None = None

    def request(self, http: httpx.Client | httpx.AsyncClient, origin: str) -> httpx.Request:
        headers = {
            "Accept": "application/json, image/*, application/problem+json",
            "User-Agent": f"latchkey-client/{VERSION}",
            "Content-Type": None if self.content is None else _media_type(self.content),
            "If-Match": self.if_match,
            "Idempotency-Key": self.idempotency_key,
        }
        return http.build_request(
            self.method,
            origin + self.path,
            params={name: _as_text(value) for name, value in _given(self.query or {}).items()} or None,
            json=None if self.body is None else _given(self.body),
            content=self.content,
            headers={name: value for name, value in headers.items() if value is not None},
        )


_BASE_URL = re.compile(r"https?://[^\s/?#@\\]+(/[^\s?#@\\]*)?", re.IGNORECASE)


def origin_of(base_url: str) -> str:
    """The base URL without `/api/v1`, with which it may end."""
    place = base_url.rstrip("/")
    if not _BASE_URL.fullmatch(place):
        # The value isn't shown, since it may have a password.
        raise ValueError("base_url must be a URL such as https://accounts.example.com, without user, query and fragment")
    return place.removesuffix(BASE_PATH)


def segment(value: str) -> str:
    """A value in a path. An empty segment or dots would lead to a different path."""
    if value in ("", ".", ".."):
        raise ValueError(f"{value!r} is no id")
    return quote(value, safe="")


def answer(response: httpx.Response, read: Reader[Result]) -> Result:
    """The body of a response. Raises a ProblemError, or an UnexpectedAnswerError for what the service never sends."""
    try:
        if response.is_success:
            return read(_body(response))
        problem = reader(Problem)(_body(response))
    except (TypeError, ValueError) as error:
        content_type = response.headers.get("Content-Type", "")
        raise UnexpectedAnswerError(str(response.url), response.status_code, content_type, response.text) from error
    request_id = response.headers.get("X-Request-Id") or problem.instance.rpartition(":")[2]
    raise problem_error(problem, request_id, retry_after(response))


def retry_after(response: httpx.Response) -> float | None:
    """Retry-After in seconds; a proxy may have sent it as a date."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _body(response: httpx.Response) -> object:
    if not response.content:
        return None
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind.startswith("image/"):
        return response.content
    if kind != "application/json" and not kind.endswith("+json"):
        raise ValueError(f"{kind or 'no content type'} is not JSON")
    return response.json()


def _media_type(picture: bytes) -> str:
    """The type of a picture by its first bytes; the service says what is wrong with anything else."""
    if picture.startswith(b"\x89PNG"):
        return "image/png"
    return "image/jpeg" if picture.startswith(b"\xff\xd8\xff") else "image/webp"


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value)
