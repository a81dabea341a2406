"""The tokens of a session, and where they are kept."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The tokens of a session. `dataclasses.asdict` makes JSON of them."""

    session: str
    """Identifies the session: unchanged by a refresh, new after each sign-in."""
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    """Works once."""
    refresh_at: float
    """When to refresh the access token, before it expires, in seconds since 1970."""
    expires_at: float
    """When the access token expires, in seconds since 1970."""


class TokenStore(ABC):
    """Where a client keeps its tokens. Its methods should be quick, since the asynchronous client calls them too."""

    _device_token: str | None = None

    @abstractmethod
    def load(self) -> Tokens | None:
        """Returns the tokens, or None if nobody is signed in."""

    @abstractmethod
    def save(self, tokens: Tokens | None) -> None:
        """Keeps the tokens; None removes them."""

    def lock(self) -> AbstractContextManager[None]:
        """Held while tokens are exchanged. A store that several clients share must let in one at a time."""
        return nullcontext()

    def load_device_token(self) -> str | None:
        """Returns what the device is recognised by when somebody signs in again. It outlives the session."""
        return self._device_token

    def save_device_token(self, device_token: str) -> None:
        """Keeps it; unless a store overrides this, for as long as the store lives."""
        self._device_token = device_token


class MemoryTokenStore(TokenStore):
    """Keeps tokens for as long as the process runs."""

    _tokens: Tokens | None = None

    def load(self) -> Tokens | None:
        return self._tokens

    def save(self, tokens: Tokens | None) -> None:
        self._tokens = tokens
