"""Makes typed objects of JSON. Fields that a class does not have are ignored, since the service may add some."""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

Result = TypeVar("Result")
Reader = Callable[[object], Result]


def reader(kind: type[Result]) -> Reader[Result]:
    """Returns a function that makes a `kind` of JSON; it raises TypeError or ValueError for anything else."""
    any_kind: Any = kind
    return _reader(any_kind)


def optional(read: Reader[Result]) -> Reader[Result | None]:
    """Reads a body that may be missing."""
    return lambda value: None if value is None else read(value)


def nothing(_: object) -> None:
    """Reads a body that does not matter."""


@cache
def _reader(kind: Any) -> Reader[Any]:
    if is_dataclass(kind):
        return _object_reader(kind)
    if get_origin(kind) is list:
        read = _reader(get_args(kind)[0])
        return lambda value: [read(item) for item in _checked(list, value)]
    if get_origin(kind) is dict:
        read = _reader(get_args(kind)[1])
        return lambda value: {name: read(item) for name, item in _checked(dict, value).items()}
    if kind is object:
        return lambda value: value
    if kind is datetime:
        return lambda value: datetime.fromisoformat(_checked(str, value))
    # `Literal["user"] | str` tells editors the known values of an open enum.
    choices = [choice for choice in get_args(kind) if get_origin(choice) is not Literal]
    if NoneType in choices:
        return optional(_reader(next(choice for choice in choices if choice is not NoneType)))
    return lambda value: _checked(choices[0] if choices else kind, value)


def _object_reader(kind: Any) -> Reader[Any]:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    required = {field.name for field in fields(kind) if field.default is MISSING}

    def read(value: object) -> Any:
        given = _checked(dict, value)
        if missing := required - given.keys():
            raise TypeError(f"{kind.__name__} lacks {', '.join(sorted(missing))}")
        return kind(**{name: read(given[name]) for name, read in readers.items() if name in given})

    return read


def _checked(kind: Any, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}, got {type(value).__name__}")
    return value
