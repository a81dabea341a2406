package latchkey;

import java.util.Objects;

/**
 * Makes a change succeed only if the user still has this ETag; otherwise the problem is {@code precondition_failed}.
 *
 * @param etag that of the user, as in {@code new IfMatch(user.etag())}
 */
public record IfMatch(String etag) {
  /** Refuses null. */
  public IfMatch {
    Objects.requireNonNull(etag, "etag");
  }
}
