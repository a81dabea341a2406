"""Tokens in a file."""

import json
import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from .tokens import Tokens, TokenStore

if sys.platform == "win32":

    def _wait_for_lock(file: IO[str]) -> None:
        """Windows has no such lock: let one process use the file."""

else:
    import fcntl

    def _wait_for_lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)


class FileTokenStore(TokenStore):
    """Keeps tokens in a file that only its owner can read (mode 0600). Processes that share it take turns."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path).expanduser()

    def load(self) -> Tokens | None:
        try:
            return Tokens(**self._read()["tokens"])
        except (KeyError, TypeError):
            return None

    def save(self, tokens: Tokens | None) -> None:
        self._write({**self._read(), "tokens": tokens and asdict(tokens)})

    def load_device_token(self) -> str | None:
        device_token = self._read().get("device_token")
        return device_token if isinstance(device_token, str) else None

    def save_device_token(self, device_token: str) -> None:
        self._write({**self._read(), "device_token": device_token})

    @contextmanager
    def lock(self) -> Generator[None, None, None]:
        self._make_directory()
        descriptor = os.open(f"{self._path}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
        with open(descriptor, "w") as file:
            _wait_for_lock(file)
            yield

    def _read(self) -> dict[str, Any]:
        try:
            kept: Any = json.loads(self._path.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return cast(dict[str, Any], kept) if isinstance(kept, dict) else {}

    def _write(self, kept: dict[str, Any]) -> None:
        # Renamed into place, so that nobody reads half a file or one that was readable before.
        self._make_directory()
        descriptor, draft = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.parent)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                json.dump(kept, file)
            os.replace(draft, self._path)
        except BaseException:
            os.unlink(draft)
            raise

    def _make_directory(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
