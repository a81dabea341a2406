package latchkey;

import java.time.Duration;

/**
 * How often to send a read, or a call with an {@link IdempotencyKey}, that failed for lack of a network or of capacity.
 *
 * @param attempts at most; 1 means no retries
 * @param maxWait over all attempts of a call; one that would have to wait longer fails at once
 */
public record Retry(int attempts, Duration maxWait) {
  /** Three attempts, and 30 seconds. */
  public static final Retry DEFAULT = new Retry(3, Duration.ofSeconds(30));

  /** Refuses less than one attempt. */
  public Retry {
    if (attempts < 1) throw new IllegalArgumentException("a call is sent at least once, not " + attempts + " times");
  }
}
