"""What asks for a second factor."""

from __future__ import annotations

from dataclasses import dataclass

from .models import LoginChallenge


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge(LoginChallenge):
    """What is asked of somebody who proved the first factor. `answer_challenge` answers it."""

    session: str | None = None
    """The session that the answer continues; None if it starts one."""

    @classmethod
    def of(cls, given: LoginChallenge) -> Challenge:
        return cls(token=given.token, factors=given.factors, expires_at=given.expires_at)
