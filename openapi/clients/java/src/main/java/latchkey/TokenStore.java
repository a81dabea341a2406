package latchkey;

import java.util.Optional;
import java.util.function.Supplier;

/** Where a client keeps its tokens. Threads call it at the same time. */
public interface TokenStore {
  /** The tokens; empty if nobody is signed in. */
  Optional<Tokens> load();

  /** Keeps the tokens. */
  void save(Tokens tokens);

  /** Removes the tokens. */
  void clear();

  /**
   * Does what must not happen twice at a time, such as to exchange tokens. A store whose tokens others reach too, through
   * stores of their own or from other processes, must let in one at a time.
   */
  default <T> T exclusively(Supplier<T> work) {
    synchronized (this) {
      return work.get();
    }
  }

  /** What the device is recognised by when somebody signs in again. It outlives the session. */
  default Optional<String> loadDeviceToken() {
    return Optional.empty();
  }

  /** Keeps what the device is recognised by. */
  default void saveDeviceToken(String deviceToken) {}
}
