package latchkey;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import latchkey.model.TokenPair;

/**
 * The tokens of a session.
 *
 * @param session identifies the session: unchanged by a refresh, new after each sign-in
 * @param accessToken the access token
 * @param refreshToken the refresh token, which works once
 * @param refreshAt when to refresh the access token, before it expires
 * @param expiresAt when the access token expires
 */
public record Tokens(
    @JsonProperty(value = "session", required = true) String session,
    @JsonProperty(value = "access_token", required = true) String accessToken,
    @JsonProperty(value = "refresh_token", required = true) String refreshToken,
    @JsonProperty(value = "refresh_at", required = true) Instant refreshAt,
    @JsonProperty(value = "expires_at", required = true) Instant expiresAt)
    implements Serializable {
  private static final Duration EARLIEST = Duration.ofSeconds(30);

  /** Those of a response to a request that was sent then. */
  static Tokens of(TokenPair pair, Instant sentAt, String session) {
    Duration lifetime = Duration.ofSeconds(pair.expiresIn());
    Duration half = lifetime.dividedBy(2);
    Duration early = half.compareTo(EARLIEST) < 0 ? half : EARLIEST;
    Instant expiresAt = sentAt.plus(lifetime);
    return new Tokens(session, pair.accessToken(), pair.refreshToken(), expiresAt.minus(early), expiresAt);
  }

  /** The same with another refresh token. */
  Tokens withRefreshToken(String other) {
    return new Tokens(session, accessToken, other, refreshAt, expiresAt);
  }

  /** The same, to be refreshed before the next call. */
  Tokens outdated() {
    return new Tokens(session, accessToken, refreshToken, Instant.EPOCH, expiresAt);
  }

  /** Hides the tokens. */
  @Override
  public String toString() {
    return "Tokens[session=" + session + ", refreshAt=" + refreshAt + ", expiresAt=" + expiresAt + "]";
  }
}
