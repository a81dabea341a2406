package latchkey;

import java.net.http.HttpHeaders;
import latchkey.model.Problem;

/** The first factor was right: ask for the second one, and go on with {@code answerChallenge}. */
public final class SecondFactorRequiredException extends ProblemException {
  private static final long serialVersionUID = 1L;

  private final transient Challenge challenge;

  SecondFactorRequiredException(Problem problem, HttpHeaders headers, Challenge challenge) {
    super(problem, headers);
    this.challenge = challenge;
  }

  /** What to answer. */
  public Challenge challenge() {
    return challenge;
  }

  /** The same, where the answer continues a session. */
  SecondFactorRequiredException continuing(String session) {
    return new SecondFactorRequiredException(problem(), headers(), challenge.continuing(session));
  }
}
