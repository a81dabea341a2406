package latchkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A client of the service. Each operation of the contract is a method, which returns the response body or throws a
 * {@link LatchkeyException}. Threads may share a client.
 */
public final class LatchkeyClient extends Operations {
  private final AsyncLatchkeyClient async;

  private LatchkeyClient(AsyncLatchkeyClient async) {
    this.async = async;
  }

  /** Begins a client of the service at a URL such as https://accounts.example.com, with or without /api/v1. */
  public static Builder builder(String baseUrl) {
    return new Builder(originOf(baseUrl));
  }

  /** The same client with methods that do not wait. */
  @Override
  public AsyncLatchkeyClient async() {
    return async;
  }

  /** Whether there are tokens. Only the service knows whether they still work. */
  public boolean isSignedIn() {
    return async.isSignedIn();
  }

  /** An access token for your own API, refreshed if it is about to expire; empty if nobody is signed in. */
  public Optional<String> accessToken() {
    return Waiting.await(async.accessToken());
  }

  /**
   * Starts a session and keeps its tokens. It never waits after a 429: the problem's {@code retryAfter} says when to try
   * again. Throws a {@link SecondFactorRequiredException} if the person has a second factor: {@link #answerChallenge} goes
   * on.
   */
  public void signIn(String email, String password) {
    Waiting.await(async.signIn(email, password));
  }

  /** Starts a session by the code that {@code requestLoginCode} had mailed, as {@link #signIn} does by the password. */
  public void signInWithCode(String email, String code) {
    Waiting.await(async.signInWithCode(email, code));
  }

  /** Starts a session by what a browser's passkey answered to {@code beginPasskeyLogin}. */
  public void signInWithPasskey(JsonNode credential) {
    Waiting.await(async.signInWithPasskey(credential));
  }

  /**
   * Answers the challenge of a {@link SecondFactorRequiredException}, in one of the ways that its factors name. That starts
   * the session, or continues the one that was reauthenticated. After a problem with the code {@code
   * invalid_second_factor}, it can be answered again.
   */
  public void answerChallenge(Challenge challenge, SecondFactor factor) {
    Waiting.await(async.answerChallenge(challenge, factor));
  }

  /** Ends the session. The tokens are removed even if that fails. */
  public void signOut() {
    Waiting.await(async.signOut());
  }

  /**
   * Proves once more who is signed in, after a {@link ReauthenticationRequiredException}; then repeat the call. Throws a
   * {@link SecondFactorRequiredException} if the person has a second factor, as {@link #signIn} does.
   */
  public void reauthenticate(String password) {
    Waiting.await(async.reauthenticate(password));
  }

  /** The same with what a browser's passkey answered to {@code beginPasskeyLogin}, which proves two factors at once. */
  public void reauthenticateWithPasskey(JsonNode credential) {
    Waiting.await(async.reauthenticateWithPasskey(credential));
  }

  /**
   * Sends a request to your own API, with the access token. If the API refuses that with {@code invalid_token} (RFC
   * 6750), it is refreshed, and the request sent again. The time-out is that of the request.
   */
  public <T> HttpResponse<T> sendAuthorized(HttpRequest request, BodyHandler<T> body) {
    return Waiting.await(async.sendAuthorized(request, body));
  }

  /** Tells where the service is, and nothing secret. */
  @Override
  public String toString() {
    return "LatchkeyClient[" + async.origin() + "]";
  }

  private static String originOf(String baseUrl) {
    String place = baseUrl.replaceFirst("/+$", "");
    // The value isn't shown, since it may have a password.
    if (!place.matches("(?i)https?://[^\\s/?#@\\\\]+(/[^\\s?#@\\\\]*)?") || URI.create(place).getHost() == null) {
      throw new IllegalArgumentException(
          "the URL must be like https://accounts.example.com, without user, query and fragment");
    }
    boolean hasBasePath = place.endsWith(Contract.BASE_PATH);
    return hasBasePath ? place.substring(0, place.length() - Contract.BASE_PATH.length()) : place;
  }

  /** How a client is made. */
  public static final class Builder {
    private final String origin;
    private TokenStore tokens = new MemoryTokenStore();
    private Retry retry = Retry.DEFAULT;
    private Duration timeout = Duration.ofSeconds(15);
    private HttpClient http;

    private Builder(String origin) {
      this.origin = origin;
    }

    /** Where to keep the tokens; in memory by default. */
    public Builder tokens(TokenStore store) {
      tokens = Objects.requireNonNull(store);
      return this;
    }

    /** How often to send a call that failed. */
    public Builder retry(Retry rule) {
      retry = Objects.requireNonNull(rule);
      return this;
    }

    /** How long each attempt may take, until its whole response is here; 15 seconds by default. */
    public Builder timeout(Duration limit) {
      timeout = Objects.requireNonNull(limit);
      return this;
    }

    /**
     * What sends the requests, with its proxy, certificates and time-out to connect (5 seconds by default). It must not
     * follow redirects, which could lead passwords elsewhere.
     */
    public Builder http(HttpClient client) {
      if (client.followRedirects() != HttpClient.Redirect.NEVER) {
        throw new IllegalArgumentException("give an HttpClient with followRedirects(Redirect.NEVER), its default");
      }
      http = client;
      return this;
    }

    /** Makes the client. */
    public LatchkeyClient build() {
      HttpClient client = http == null ? HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build() : http;
      return new LatchkeyClient(new AsyncLatchkeyClient(new Transport(origin, client, timeout, retry), tokens));
    }
  }
}
