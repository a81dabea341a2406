"""What the session waits with; `_asyncio` has the same for the asynchronous one."""

import threading
import time
from collections.abc import Generator
from typing import TypeVar

import httpx

Value = TypeVar("Value")

Lock = threading.Lock
sleep = time.sleep
AuthFlow = Generator[httpx.Request, httpx.Response, None]


def shielded(function: Value) -> Value:
    """Nobody cancels a thread."""
    return function


def in_thread(lock: Value) -> Value:
    """It may block its own."""
    return lock
