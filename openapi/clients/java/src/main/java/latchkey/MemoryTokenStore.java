package latchkey;

import java.util.Optional;

/** Keeps tokens for as long as the process runs. */
public final class MemoryTokenStore implements TokenStore {
  private volatile Tokens tokens;
  private volatile String deviceToken;

  @Override
  public Optional<Tokens> load() {
    return Optional.ofNullable(tokens);
  }

  @Override
  public void save(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public void clear() {
    tokens = null;
  }

  @Override
  public Optional<String> loadDeviceToken() {
    return Optional.ofNullable(deviceToken);
  }

  @Override
  public void saveDeviceToken(String deviceToken) {
    this.deviceToken = deviceToken;
  }
}
