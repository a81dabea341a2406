package latchkey;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import latchkey.model.Problem;
import latchkey.model.ProblemCode;
import latchkey.model.Violation;

/**
 * An error response of the service. Branch on {@link #code()}, show {@link #detail()} to people, quote {@link
 * #requestId()} to support. A newer service may send codes that this client does not know; go by {@link #status()} then.
 */
public sealed class ProblemException extends LatchkeyException
    permits ReauthenticationRequiredException, SecondFactorRequiredException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient HttpHeaders headers;

  ProblemException(Problem problem, HttpHeaders headers) {
    super(
        "%d %s: %s (request %s)"
            .formatted(problem.status(), problem.code(), problem.detail(), requestIdOf(problem, headers)),
        null);
    this.problem = problem;
    this.headers = headers;
  }

  /** The exception that a problem is. */
  static ProblemException of(Problem problem, HttpHeaders headers) {
    if (problem.challenge() != null) {
      return new SecondFactorRequiredException(problem, headers, Challenge.of(problem.challenge()));
    }
    boolean isTooLate = problem.code().equals(ProblemCode.INSUFFICIENT_USER_AUTHENTICATION);
    return isTooLate ? new ReauthenticationRequiredException(problem, headers) : new ProblemException(problem, headers);
  }

  /** The body of the response. */
  public Problem problem() {
    return problem;
  }

  /** The headers of the response. */
  public HttpHeaders headers() {
    return headers;
  }

  /** The HTTP status. */
  public int status() {
    return problem.status();
  }

  /** What went wrong, for programs. */
  public ProblemCode code() {
    return problem.code();
  }

  /** What went wrong, for people. */
  public String detail() {
    return problem.detail();
  }

  /** What is wrong with the request; empty if the service does not say. */
  public List<Violation> violations() {
    return problem.errors() == null ? List.of() : problem.errors();
  }

  /** Identifies the request in the service's logs. */
  public String requestId() {
    return requestIdOf(problem, headers);
  }

  /** How long to wait before trying again, if the service says so. */
  public Optional<Duration> retryAfter() {
    return Answers.retryAfter(headers);
  }

  private static String requestIdOf(Problem problem, HttpHeaders headers) {
    String instance = problem.instance();
    return headers.firstValue("X-Request-Id").orElseGet(() -> instance.substring(instance.lastIndexOf(':') + 1));
  }
}
