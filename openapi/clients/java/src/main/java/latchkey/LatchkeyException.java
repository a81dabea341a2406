package latchkey;

/** A call failed: the service refused it, something else answered, or nothing did. */
public abstract sealed class LatchkeyException extends RuntimeException
    permits ProblemException, NetworkException, UnexpectedAnswerException {
  private static final long serialVersionUID = 1L;

  LatchkeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
