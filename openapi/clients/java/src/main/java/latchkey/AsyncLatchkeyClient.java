package latchkey;

import static latchkey.Waiting.causeOf;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import latchkey.model.Credentials;
import latchkey.model.Reauthentication;
import latchkey.model.RefreshGrant;

/**
 * A client whose methods do not wait, made by {@link LatchkeyClient#async()}. What a {@link LatchkeyClient} throws is
 * the cause of the {@code CompletionException} or {@code ExecutionException} here. Threads may share it.
 */
public final class AsyncLatchkeyClient extends AsyncOperations {
  private final Transport transport;
  private final TokenExchange tokens;

  AsyncLatchkeyClient(Transport transport, TokenStore store) {
    this.transport = transport;
    tokens = new TokenExchange(store, used -> refreshTokens(new RefreshGrant(used)));
  }

  /** Whether there are tokens. Only the service knows whether they still work. */
  public boolean isSignedIn() {
    return tokens.store().load().isPresent();
  }

  /** An access token for your own API, refreshed if it is about to expire; empty if nobody is signed in. */
  public CompletableFuture<Optional<String>> accessToken() {
    return tokens.tokens().thenApply(kept -> kept.map(Tokens::accessToken));
  }

  /** Begins {@link LatchkeyClient#signIn}. */
  public CompletableFuture<Void> signIn(String email, String password) {
    TokenStore store = tokens.store();
    Credentials credentials = new Credentials(email, password).withDeviceToken(store.loadDeviceToken().orElse(null));
    Instant sentAt = Instant.now();
    return login(credentials)
        .thenAcceptAsync(
            pair -> {
              if (pair.deviceToken() != null) store.saveDeviceToken(pair.deviceToken());
              tokens.begin(pair, sentAt);
            },
            TokenExchange.THREAD);
  }

  /** Begins {@link LatchkeyClient#signOut}. */
  public CompletableFuture<Void> signOut() {
    CompletableFuture<Void> ended = isSignedIn() ? logout() : CompletableFuture.completedFuture(null);
    return ended.handleAsync(
        (nothing, failure) -> {
          tokens.end();
          boolean wasOver = causeOf(failure) instanceof ProblemException problem && problem.status() == 401;
          if (failure == null || wasOver) return null;
          throw new CompletionException(causeOf(failure));
        },
        TokenExchange.THREAD);
  }

  /** Begins {@link LatchkeyClient#reauthenticate}. */
  public CompletableFuture<Void> reauthenticate(String password) {
    Optional<Tokens> before = tokens.store().load();
    Instant sentAt = Instant.now();
    return reauthenticate(new Reauthentication().withPassword(password))
        .thenAcceptAsync(
            pair -> before.ifPresent(old -> tokens.keepAccess(Tokens.of(pair, sentAt, old.session()))),
            TokenExchange.THREAD);
  }

  /** Begins {@link LatchkeyClient#sendAuthorized}. */
  public <T> CompletableFuture<HttpResponse<T>> sendAuthorized(HttpRequest request, BodyHandler<T> body) {
    return tokens
        .authorized(request, authorized -> transport.http().sendAsync(authorized, body))
        .exceptionally(
            failure -> {
              Throwable cause = causeOf(failure);
              throw new CompletionException(Transport.isNetworkFailure(cause) ? new NetworkException(cause) : cause);
            });
  }

  /** Tells where the service is, and nothing secret. */
  @Override
  public String toString() {
    return "AsyncLatchkeyClient[" + origin() + "]";
  }

  String origin() {
    return transport.origin();
  }

  @Override
  <T> CompletableFuture<T> send(Call call, Function<HttpResponse<byte[]>, T> read) {
    return new Sending<>(call, transport, tokens, read).begin();
  }
}
