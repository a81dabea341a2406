package latchkey;

/** No complete response arrived; the cause says why. The request may have taken effect. */
public final class NetworkException extends LatchkeyException {
  private static final long serialVersionUID = 1L;

  NetworkException(Throwable cause) {
    super("the service could not be reached: " + cause, cause);
  }
}
