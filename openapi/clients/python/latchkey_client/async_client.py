"""The client."""

import time
from dataclasses import replace
from types import TracebackType
from uuid import uuid4

import httpx

from ._asyncio import sleep
from .async_operations import AsyncOperations
from .async_session import AsyncSession, tokens_of
from .calls import Call, answer, origin_of
from .challenges import Challenge
from .decoding import Reader, Result
from .models import AnswerFactor, TokenPair
from .problems import NetworkError, ProblemError, SecondFactorRequired
from .retries import Attempts, Retry
from .tokens import MemoryTokenStore, TokenStore

_TIMEOUT = httpx.Timeout(10, connect=5)
# The session has a second factor then, which its next access token says.
_ADDING_FACTORS = {"confirmTotp", "registerPasskey"}


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
        """Starts a session and keeps its tokens. Never waits: a 429 raises at once, with `retry_after`.

        Raises a `SecondFactorRequired` if the person has a second factor: `answer_challenge` goes on.
        """
        sent_at = time.time()
        device_token = self._store.load_device_token()
        await self._start(await self._login(email=email, password=password, device_token=device_token), sent_at)

    async def sign_in_with_code(self, email: str, code: str) -> None:
        """Starts a session by the code that `request_login_code` had mailed."""
        sent_at = time.time()
        device_token = self._store.load_device_token()
        await self._start(await self._login_with_code(email=email, code=code, device_token=device_token), sent_at)

    async def sign_in_with_passkey(self, credential: dict[str, object]) -> None:
        """Starts a session by what a browser's passkey answered to `begin_passkey_login`."""
        sent_at = time.time()
        device_token = self._store.load_device_token()
        await self._start(await self._login_with_passkey(credential=credential, device_token=device_token), sent_at)

    async def answer_challenge(
        self,
        challenge: Challenge,
        *,
        totp: str | None = None,
        recovery_code: str | None = None,
        passkey: dict[str, object] | None = None,
    ) -> None:
        """Answers the challenge of a `SecondFactorRequired`, in one of the ways that its `factors` name.

        That starts the session, or continues the one that was reauthenticated. After a problem with the code `invalid_second_factor`, it can be answered again.
        """
        if [totp, recovery_code, passkey].count(None) != 2:
            raise ValueError("give a totp, a recovery_code or a passkey")
        factor: AnswerFactor = "passkey" if passkey is not None else "totp" if totp is not None else "recovery_code"
        code = recovery_code if totp is None else totp
        sent_at = time.time()
        pair = await self._answer_challenge(
            challenge_token=challenge.token, factor=factor, code=code, credential=passkey
        )
        if challenge.session is None:
            await self._start(pair, sent_at)
        else:
            await self._session.keep_access(tokens_of(pair, sent_at, challenge.session))

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
        """Proves once more who is signed in, after a `ReauthenticationRequired`; then repeat the call.

        Raises a `SecondFactorRequired` if the person has a second factor, as `sign_in` does.
        """
        await self._prove(password=password)

    async def reauthenticate_with_passkey(self, credential: dict[str, object]) -> None:
        """The same with what a browser's passkey answered to `begin_passkey_login`, which proves two factors at once."""
        await self._prove(passkey=credential)

    async def _prove(self, *, password: str | None = None, passkey: dict[str, object] | None = None) -> None:
        before = self._store.load()
        sent_at = time.time()
        try:
            pair = await self._reauthenticate(password=password, passkey=passkey)
        except SecondFactorRequired as error:
            if before is not None:
                error.challenge = replace(error.challenge, session=before.session)
            raise
        if before is not None:
            await self._session.keep_access(tokens_of(pair, sent_at, before.session))

    async def _start(self, pair: TokenPair, sent_at: float) -> None:
        if pair.device_token is not None:
            self._store.save_device_token(pair.device_token)
        await self._session.keep(tokens_of(pair, sent_at, str(uuid4())))

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
                    result = answer(response, read)
                    if call.operation in _ADDING_FACTORS:
                        await self._session.outdate()
                    return result
            await sleep(pause)
