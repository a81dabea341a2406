"""Lists that are read a page at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Page(Protocol[Item]):
    """A page of a list."""

    @property
    def items(self) -> list[Item]: ...

    @property
    def next_cursor(self) -> str | None: ...


async def each(fetch: Callable[[str | None], Awaitable[Page[Item]]]) -> AsyncIterator[Item]:
    """Fetches a page when the one before is used up."""
    page = await fetch(None)
    while True:
        for item in page.items:
            yield item
        if page.next_cursor is None:
            return
        page = await fetch(page.next_cursor)
