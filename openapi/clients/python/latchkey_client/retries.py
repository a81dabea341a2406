"""When to send a call again."""

import random
from dataclasses import dataclass

import httpx

from .calls import Call, retry_after

# Too many requests, and what gateways and a busy service answer.
_TRANSIENT = {429, 502, 503, 504}
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 8.0
# They say how the service is now.
_PROBES = {"getHealth", "getReadiness"}


@dataclass(frozen=True, slots=True)
class Retry:
    """How often to send a read, or a call with an Idempotency-Key, that failed for lack of a network or of capacity."""

    attempts: int = 3
    """At most; 1 means no retries."""
    max_wait: float = 30.0
    """In seconds, over all attempts of a call. A call that would have to wait longer raises at once."""


class Attempts:
    """The attempts of one call."""

    def __init__(self, retry: Retry, call: Call) -> None:
        may_repeat = call.method == "GET" or call.idempotency_key is not None
        self._typed = call.typed
        self._left = retry.attempts if may_repeat and call.operation not in _PROBES else 1
        self._wait_left = retry.max_wait
        self._backoff = _FIRST_PAUSE

    def pause_after(self, response: httpx.Response | None) -> float | None:
        """Seconds to wait before the next attempt; None if there is none. Without a response, the network failed."""
        self._left -= 1
        if self._left < 1 or not self._is_transient(response):
            return None
        asked = None if response is None else retry_after(response)
        pause = self._backoff * random.uniform(0.5, 1) if asked is None else asked
        self._backoff = min(2 * self._backoff, _LONGEST_PAUSE)
        self._wait_left -= pause
        return None if self._wait_left < 0 else pause

    def _is_transient(self, response: httpx.Response | None) -> bool:
        if response is None:
            return True
        # A person at a form should not be kept waiting.
        return response.status_code in _TRANSIENT and not (response.status_code == 429 and self._typed)
