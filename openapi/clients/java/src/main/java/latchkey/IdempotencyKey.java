package latchkey;

import java.util.Objects;
import java.util.UUID;

/**
 * Lets you repeat a call yourself: for 24 hours, nothing is created twice under the same key.
 *
 * @param value a text that nobody can guess
 */
public record IdempotencyKey(String value) {
  /** Refuses null. */
  public IdempotencyKey {
    Objects.requireNonNull(value, "value");
  }

  /** A new key. */
  public static IdempotencyKey random() {
    return new IdempotencyKey(UUID.randomUUID().toString());
  }
}
