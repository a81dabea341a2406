"""What calls raise."""

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

    @property
    def needs_reauthentication(self) -> bool:
        """Whether the call succeeds after `reauthenticate`: the person signed in too long ago for it."""
        return self.code == "insufficient_user_authentication"

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.detail} (request {self.request_id})"


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
