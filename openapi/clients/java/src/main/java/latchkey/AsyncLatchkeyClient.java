package latchkey;

import static latchkey.Waiting.causeOf;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import latchkey.model.Credentials;
import latchkey.model.EmailCodeProof;
import latchkey.model.PasskeyProof;
import latchkey.model.Reauthentication;
import latchkey.model.RefreshGrant;
import latchkey.model.TokenPair;

/**
 * A client whose methods do not wait, made by {@link LatchkeyClient#async()}. What a {@link LatchkeyClient} throws is
 * the cause of the {@code CompletionException} or {@code ExecutionException} here. Threads may share it.
 */
public final class AsyncLatchkeyClient extends AsyncOperations {
  /** The session has a second factor afterwards, which its next access token says. */
  private static final Set<String> ADDING_FACTORS = Set.of("confirmTotp", "registerPasskey");

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
    return begin(device -> login(new Credentials(email, password).withDeviceToken(device)));
  }

  /** Begins {@link LatchkeyClient#signInWithCode}. */
  public CompletableFuture<Void> signInWithCode(String email, String code) {
    return begin(device -> loginWithCode(new EmailCodeProof(email, code).withDeviceToken(device)));
  }

  /** Begins {@link LatchkeyClient#signInWithPasskey}. */
  public CompletableFuture<Void> signInWithPasskey(JsonNode credential) {
    return begin(device -> loginWithPasskey(new PasskeyProof(credential).withDeviceToken(device)));
  }

  /** Begins {@link LatchkeyClient#answerChallenge}. */
  public CompletableFuture<Void> answerChallenge(Challenge challenge, SecondFactor factor) {
    Instant sentAt = Instant.now();
    return answerChallenge(factor.answering(challenge))
        .thenAcceptAsync(
            pair -> {
              if (challenge.session() == null) start(pair, sentAt);
              else tokens.keepAccess(Tokens.of(pair, sentAt, challenge.session()));
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
    return prove(new Reauthentication().withPassword(password));
  }

  /** Begins {@link LatchkeyClient#reauthenticateWithPasskey}. */
  public CompletableFuture<Void> reauthenticateWithPasskey(JsonNode credential) {
    return prove(new Reauthentication().withPasskey(credential));
  }

  private CompletableFuture<Void> prove(Reauthentication proof) {
    Optional<Tokens> before = tokens.store().load();
    Instant sentAt = Instant.now();
    return reauthenticate(proof)
        .exceptionally(
            failure -> {
              Throwable cause = causeOf(failure);
              if (cause instanceof SecondFactorRequiredException required && before.isPresent()) {
                throw required.continuing(before.get().session());
              }
              throw new CompletionException(cause);
            })
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
    CompletableFuture<T> sending = new Sending<>(call, transport, tokens, read).begin();
    if (!ADDING_FACTORS.contains(call.operation())) return sending;
    return sending.thenApplyAsync(
        result -> {
          tokens.outdate();
          return result;
        },
        TokenExchange.THREAD);
  }

  private CompletableFuture<Void> begin(Function<String, CompletableFuture<TokenPair>> login) {
    String device = tokens.store().loadDeviceToken().orElse(null);
    Instant sentAt = Instant.now();
    return login.apply(device).thenAcceptAsync(pair -> start(pair, sentAt), TokenExchange.THREAD);
  }

  /** Keeps the tokens of a new session, and what the device is recognised by. */
  private void start(TokenPair pair, Instant sentAt) {
    if (pair.deviceToken() != null) tokens.store().saveDeviceToken(pair.deviceToken());
    tokens.begin(pair, sentAt);
  }
}
