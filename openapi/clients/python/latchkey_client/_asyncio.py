"""What the asynchronous session waits with; `_blocking` has the same for the other one."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, asynccontextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import httpx

Given = ParamSpec("Given")
Result = TypeVar("Result")

Lock = asyncio.Lock
sleep = asyncio.sleep
AuthFlow = AsyncGenerator[httpx.Request, httpx.Response]


def shielded(function: Callable[Given, Coroutine[Any, Any, Result]]) -> Callable[Given, Awaitable[Result]]:
    """Goes on to its end even if the caller is cancelled."""

    @wraps(function)
    def call(*args: Given.args, **kwargs: Given.kwargs) -> Awaitable[Result]:
        return asyncio.shield(function(*args, **kwargs))

    return call


@asynccontextmanager
async def in_thread(lock: AbstractContextManager[None]) -> AsyncGenerator[None, None]:
    """Waits for a lock without stopping the event loop."""
    await asyncio.to_thread(lock.__enter__)
    try:
        yield
    finally:
        lock.__exit__(None, None, None)
