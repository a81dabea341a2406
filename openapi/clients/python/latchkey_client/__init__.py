"""A client for Latchkey, the account service."""

from . import models
from .async_client import AsyncClient
from .challenges import Challenge
from .client import Client
from .models import VERSION as __version__
from .models import Problem, Violation
from .problems import (
    LatchkeyError,
    NetworkError,
    ProblemError,
    ReauthenticationRequired,
    SecondFactorRequired,
    UnexpectedAnswerError,
)
from .retries import Retry
from .token_file import FileTokenStore
from .tokens import MemoryTokenStore, Tokens, TokenStore

__all__ = [
    "AsyncClient",
    "Challenge",
    "Client",
    "FileTokenStore",
    "LatchkeyError",
    "MemoryTokenStore",
    "NetworkError",
    "Problem",
    "ProblemError",
    "ReauthenticationRequired",
    "Retry",
    "SecondFactorRequired",
    "TokenStore",
    "Tokens",
    "UnexpectedAnswerError",
    "Violation",
    "__version__",
    "models",
]
