"""What calls raise."""

from .challenges import Challenge
from .models import Problem, Violation


class LatchkeyError(Exception):
    """What every error of a call has as its base."""


class ProblemError(LatchkeyError):
    """An error response of the service. Branch on `code`, show `detail` to people, quote `request_id` to support."""

    def __init__(self, problem: Problem, request_id: str, retry_after: float | None) -> None:
        super().__init__(problem, request_id, retry_after)
        self.problem = problem
        self.request_id = request_id
        self.retry_after = retry_after
        """In how many seconds to try again, if the service says so."""

    @property
    def status(self) -> int:
        return self.problem.status

    @property
    def code(self) -> str:
        """What went wrong, in a word whose meaning never changes. The service may add codes; go by `status` then."""
        return self.problem.code

    @property
    def detail(self) -> str:
        return self.problem.detail

    @property
    def violations(self) -> list[Violation]:
        """What is wrong with the request; empty if the service does not say."""
        return self.problem.errors or []

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.detail} (request {self.request_id})"


class SecondFactorRequired(ProblemError):
    """The first factor was right. Ask for the second one, and go on with `answer_challenge`."""

    def __init__(self, problem: Problem, request_id: str, retry_after: float | None) -> None:
        super().__init__(problem, request_id, retry_after)
        if problem.challenge is None:
            raise ValueError("the problem has no challenge")
        self.challenge = Challenge.of(problem.challenge)


class ReauthenticationRequired(ProblemError):
    """The person signed in too long ago for this call. It succeeds after `reauthenticate`."""


def problem_error(problem: Problem, request_id: str, retry_after: float | None) -> ProblemError:
    """The error that a problem document tells of."""
    kind = ProblemError if problem.challenge is None else SecondFactorRequired
    if problem.code == "insufficient_user_authentication":
        kind = ReauthenticationRequired
    return kind(problem, request_id, retry_after)


class NetworkError(LatchkeyError):
    """No complete response arrived; `__cause__` says why. The request may have taken effect."""


class UnexpectedAnswerError(LatchkeyError):
    """Something other than the service responded, such as a proxy."""

    def __init__(self, url: str, status: int, content_type: str, body: str) -> None:
        super().__init__(url, status, content_type, body)
        self.url = url
        self.status = status
        self.content_type = content_type
        self.body = body

    def __str__(self) -> str:
        what = self.content_type or "no content type"
        return f"{self.url} answered {self.status} with {what}, which is no answer of Latchkey's"
