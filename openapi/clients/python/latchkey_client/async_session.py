"""Who is signed in."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx

from ._asyncio import AuthFlow, Lock, in_thread, shielded
from .models import TokenPair
from .problems import LatchkeyError, ProblemError
from .tokens import Tokens, TokenStore

_EARLIEST = 30


class AsyncSession(httpx.Auth):
    """Sends the access token, and exchanges the refresh token once for all calls that need a new one."""

    def __init__(self, store: TokenStore, exchange: Callable[[str], Awaitable[TokenPair]]) -> None:
        self._store = store
        self._exchange = exchange
        self._lock = Lock()

    async def async_auth_flow(self, request: httpx.Request) -> AuthFlow:
        tokens = await self.tokens()
        if tokens is None:
            yield request
            return
        request.headers["Authorization"] = f"Bearer {tokens.access_token}"
        response = yield request
        challenge = response.headers.get("WWW-Authenticate", "")
        if response.status_code != 401 or 'error="invalid_token"' not in challenge:
            return
        renewed = await self.renew(tokens)
        # Someone else may have signed in meanwhile; this request was not meant for them.
        if renewed is not None and renewed.session == tokens.session:
            request.headers["Authorization"] = f"Bearer {renewed.access_token}"
            yield request

    async def tokens(self) -> Tokens | None:
        """Tokens to send, refreshed if they are about to expire; None if nobody is signed in."""
        tokens = self._store.load()
        if tokens is None or time.time() < tokens.refresh_at:
            return tokens
        try:
            return await self.renew(tokens)
        except LatchkeyError as error:
            if _ends_session(error) or time.time() >= tokens.expires_at:
                raise
            return tokens

    @shielded
    async def keep(self, tokens: Tokens | None) -> None:
        """Keeps the tokens of a new session, or removes those of an ended one."""
        async with self._lock, in_thread(self._store.lock()):
            self._store.save(tokens)

    @shielded
    async def keep_access(self, tokens: Tokens) -> None:
        """Keeps a new access token of the session. Its refresh token may be a later one by now, and stays."""
        async with self._lock, in_thread(self._store.lock()):
            kept = self._store.load()
            if kept is not None and kept.session == tokens.session:
                self._store.save(replace(tokens, refresh_token=kept.refresh_token))

    @shielded
    async def outdate(self) -> None:
        """Has the next call refresh the access token first: what it says about the session has changed."""
        async with self._lock, in_thread(self._store.lock()):
            kept = self._store.load()
            if kept is not None:
                self._store.save(replace(kept, refresh_at=0))

    # A cancelled caller must not lose the new tokens: the used one, sent again later, ends the session.
    @shielded
    async def renew(self, used: Tokens) -> Tokens | None:
        """Replacements for tokens that no longer work; None if the session is gone."""
        async with self._lock, in_thread(self._store.lock()):
            tokens = self._store.load()
            if tokens is None or tokens.refresh_token != used.refresh_token:
                return tokens
            sent_at = time.time()
            try:
                pair = await self._exchange(tokens.refresh_token)
            except ProblemError as error:
                if _ends_session(error):
                    self._store.save(None)
                raise
            renewed = tokens_of(pair, sent_at, tokens.session)
            self._store.save(renewed)
            return renewed


def tokens_of(pair: TokenPair, sent_at: float, session: str) -> Tokens:
    """Tokens to keep, from the response to a request sent at `sent_at`."""
    return Tokens(
        session=session,
        access_token=pair.access_token,
        refresh_token=pair.refresh_token,
        refresh_at=sent_at + pair.expires_in - min(_EARLIEST, pair.expires_in / 2),
        expires_at=sent_at + pair.expires_in,
    )


def _ends_session(error: LatchkeyError) -> bool:
    """Whether the refresh token was refused. A rate limit, a server error or a lost network leaves it valid."""
    return isinstance(error, ProblemError) and error.status in (400, 401, 403)
