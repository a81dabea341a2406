package latchkey;

import java.time.Instant;
import java.util.List;
import latchkey.model.ChallengeFactor;
import latchkey.model.LoginChallenge;

/**
 * What is asked of somebody who proved the first factor.
 *
 * @param token a secret that is good for the answer, and for nothing else
 * @param factors how it can be answered, the quickest way first
 * @param expiresAt when it expires
 * @param session the session that the answer continues; null if it starts one
 */
public record Challenge(String token, List<ChallengeFactor> factors, Instant expiresAt, String session) {
  /** Copies what could change. */
  public Challenge {
    factors = List.copyOf(factors);
  }

  static Challenge of(LoginChallenge given) {
    return new Challenge(given.token(), given.factors(), given.expiresAt(), null);
  }

  /** The same, of somebody who is signed in. */
  Challenge continuing(String other) {
    return new Challenge(token, factors, expiresAt, other);
  }

  /** Hides the token. */
  @Override
  public String toString() {
    return "Challenge[factors=" + factors + ", expiresAt=" + expiresAt + ", session=" + session + "]";
  }
}
