"""The client."""

import time
from types import TracebackType
from uuid import uuid4

import httpx

from ._asyncio import sleep
from .async_operations import AsyncOperations
from .async_session import AsyncSession, tokens_of
from .calls import Call, answer, origin_of
from .decoding import Reader, Result
from .models import TokenPair
from .problems import NetworkError, ProblemError
from .retries import Attempts, Retry
from .tokens import MemoryTokenStore, TokenStore

_TIMEOUT = httpx.Timeout(10, connect=5)


class AsyncClient(AsyncOperations):
    """A client of the service. Each operation of the contract is a method, which returns the response body or raises a
    `LatchkeyError`: a `ProblemError`, a `NetworkError` or an `UnexpectedAnswerError`.

    Args:
        base_url: The service's URL, such as `https://accounts.example.com`, with or without `/api/v1`.
        tokens: Where to keep the tokens; in memory by default.
        retry: How often to send a call that failed.
        timeout: For each attempt, in seconds; by default 5 to connect, and 10 to send or receive anything.
        http: Sends the requests, with proxies, certificates and time-outs of your own. You close it.
    """

    def __init__(
        self,
        base_url: str,
        *,
        tokens: TokenStore | None = None,
        retry: Retry = Retry(),
        timeout: float | httpx.Timeout = _TIMEOUT,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._origin = origin_of(base_url)
        self._store = MemoryTokenStore() if tokens is None else tokens
        self._retry = retry
        self._owns_http = http is None
        self._http = httpx.AsyncClient(timeout=timeout) if http is None else http
        self._session = AsyncSession(self._store, self._exchange)

    def __repr__(self) -> str:
        return f"AsyncClient({self._origin!r})"

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections. The session goes on."""
        if self._owns_http:
            await self._http.aclose()

    @property
    def auth(self) -> httpx.Auth:
        """Sends the access token to your own API: `httpx.AsyncClient(base_url=..., auth=client.auth)`.

        If the API refuses it with `invalid_token` (RFC 6750), it is refreshed, and the request sent again.
        """
        return self._session

    @property
    def is_signed_in(self) -> bool:
        """Whether there are tokens. Only the service knows whether they still work."""
        return self._store.load() is not None

    async def access_token(self) -> str | None:
        """An access token for your own API, refreshed if it is about to expire; None if nobody is signed in."""
        tokens = await self._session.tokens()
        return None if tokens is None else tokens.access_token

    async def sign_in(self, email: str, password: str) -> None:
        """Starts a session and keeps its tokens. Never waits: a 429 raises at once, with `retry_after`."""
        sent_at = time.time()
        pair = await self._login(email=email, password=password, device_token=self._store.load_device_token())
        if pair.device_token is not None:
            self._store.save_device_token(pair.device_token)
        await self._session.keep(tokens_of(pair, sent_at, str(uuid4())))

    async def sign_out(self) -> None:
        """Ends the session. The tokens are removed even if the request fails, which raises."""
        try:
            if self.is_signed_in:
                await self._logout()
        except ProblemError as error:
            if error.status != 401:
                raise
        finally:
            await self._session.keep(None)

    async def reauthenticate(self, password: str) -> None:
        """Proves once more who is signed in, after a problem with `needs_reauthentication`; then repeat the call."""
        before = self._store.load()
        sent_at = time.time()
        pair = await self._reauthenticate(password=password)
        if before is not None:
            await self._session.keep_access(tokens_of(pair, sent_at, before.session))

    async def _exchange(self, refresh_token: str) -> TokenPair:
        return await self._refresh_tokens(refresh_token=refresh_token)

    async def _send(self, call: Call, read: Reader[Result]) -> Result:
        attempts = Attempts(self._retry, call)
        while True:
            request = call.request(self._http, self._origin)
            auth = self._session if call.secured else None
            try:
                response = await self._http.send(request, auth=auth, follow_redirects=False)
            except httpx.RequestError as error:
                pause = attempts.pause_after(None)
                if pause is None:
                    raise NetworkError(f"{call.method} {request.url}: {str(error) or type(error).__name__}") from error
            else:
                pause = attempts.pause_after(response)
                if pause is None:
                    return answer(response, read)
            await sleep(pause)
