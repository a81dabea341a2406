package latchkey;

import java.net.http.HttpHeaders;
import latchkey.model.Problem;

/** The person signed in too long ago for this call. It succeeds after {@code reauthenticate}. */
public final class ReauthenticationRequiredException extends ProblemException {
  private static final long serialVersionUID = 1L;

  ReauthenticationRequiredException(Problem problem, HttpHeaders headers) {
    super(problem, headers);
  }
}
