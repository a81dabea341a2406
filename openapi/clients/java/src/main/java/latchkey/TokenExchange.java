package latchkey;

import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import latchkey.model.TokenPair;

/** Who is signed in. Exchanges the refresh token once for all calls that need a new one. */
final class TokenExchange {
  /** Starts a thread for what may have to wait: those of an HttpClient must not. */
  static final Executor THREAD =
      task -> {
        Thread thread = new Thread(task, "latchkey-tokens");
        thread.setDaemon(true);
        thread.start();
      };

  private final TokenStore store;
  private final Function<String, CompletableFuture<TokenPair>> exchange;
  private Renewal renewal;

  /** An exchange that goes on, for those who wait for it. */
  private record Renewal(String used, CompletableFuture<Optional<Tokens>> result) {}

  TokenExchange(TokenStore store, Function<String, CompletableFuture<TokenPair>> exchange) {
    this.store = store;
    this.exchange = exchange;
  }

  TokenStore store() {
    return store;
  }

  /** Tokens to send, refreshed if they are about to expire; empty if nobody is signed in. */
  CompletableFuture<Optional<Tokens>> tokens() {
    Optional<Tokens> kept = store.load();
    boolean isFresh = kept.isEmpty() || Instant.now().isBefore(kept.get().refreshAt());
    if (isFresh) return CompletableFuture.completedFuture(kept);
    return renew(kept.get())
        .exceptionally(
            failure -> {
              Throwable cause = Waiting.causeOf(failure);
              if (!endsSession(cause) && Instant.now().isBefore(kept.get().expiresAt())) return kept;
              throw new CompletionException(cause);
            });
  }

  /** Sends the access token, and the request once more if it was refused. */
  <T> CompletableFuture<HttpResponse<T>> authorized(
      HttpRequest request, Function<HttpRequest, CompletableFuture<HttpResponse<T>>> send) {
    return tokens()
        .thenCompose(kept -> kept.isEmpty() ? send.apply(request) : authorized(request, kept.get(), send));
  }

  /** Begins a session, or keeps new tokens of one. */
  void begin(TokenPair pair, Instant sentAt) {
    Tokens tokens = Tokens.of(pair, sentAt, UUID.randomUUID().toString());
    exclusively(() -> store.save(tokens));
  }

  /** Removes the tokens. */
  void end() {
    exclusively(store::clear);
  }

  /** Keeps a new access token of a session. Its refresh token may be a later one by now, and stays. */
  void keepAccess(Tokens access) {
    exclusively(
        () ->
            store
                .load()
                .filter(kept -> kept.session().equals(access.session()))
                .ifPresent(kept -> store.save(access.withRefreshToken(kept.refreshToken()))));
  }

  /** Has the next call refresh the access token first: what it says about the session has changed. */
  void outdate() {
    exclusively(() -> store.load().ifPresent(kept -> store.save(kept.outdated())));
  }

  private <T> CompletableFuture<HttpResponse<T>> authorized(
      HttpRequest request, Tokens tokens, Function<HttpRequest, CompletableFuture<HttpResponse<T>>> send) {
    return send.apply(signed(request, tokens))
        .thenCompose(
            response -> {
              if (!isRefused(response)) return CompletableFuture.completedFuture(response);
              return renew(tokens)
                  // Someone else may have signed in meanwhile; this request was not meant for them.
                  .thenApply(renewed -> renewed.filter(one -> one.session().equals(tokens.session())))
                  .whenComplete((renewed, failure) -> discard(response, failure != null || renewed.isPresent()))
                  .thenCompose(
                      renewed ->
                          renewed.isPresent()
                              ? send.apply(signed(request, renewed.get()))
                              : CompletableFuture.completedFuture(response));
            });
  }

  /** Replacements for tokens that no longer work; empty if the session is gone. */
  private synchronized CompletableFuture<Optional<Tokens>> renew(Tokens tokens) {
    String used = tokens.refreshToken();
    if (renewal == null || !renewal.used().equals(used)) {
      renewal = new Renewal(used, CompletableFuture.supplyAsync(() -> finish(used), THREAD));
    }
    // Who cancels a call must not lose the new tokens: the used one, sent again later, ends the session.
    return renewal.result().copy();
  }

  private Optional<Tokens> finish(String used) {
    try {
      return store.exclusively(() -> exchangeOnce(used));
    } finally {
      synchronized (this) {
        if (renewal.used().equals(used)) renewal = null;
      }
    }
  }

  private Optional<Tokens> exchangeOnce(String used) {
    Optional<Tokens> kept = store.load();
    if (kept.isEmpty() || !kept.get().refreshToken().equals(used)) return kept;
    Instant sentAt = Instant.now();
    try {
      Tokens renewed = Tokens.of(Waiting.await(exchange.apply(used)), sentAt, kept.get().session());
      store.save(renewed);
      return Optional.of(renewed);
    } catch (ProblemException refused) {
      if (endsSession(refused)) store.clear();
      throw refused;
    }
  }

  private void exclusively(Runnable work) {
    store.exclusively(
        () -> {
          work.run();
          return null;
        });
  }

  private static HttpRequest signed(HttpRequest request, Tokens tokens) {
    return HttpRequest.newBuilder(request, (name, value) -> !name.equalsIgnoreCase("Authorization"))
        .header("Authorization", "Bearer " + tokens.accessToken())
        .build();
  }

  private static boolean isRefused(HttpResponse<?> response) {
    return response.statusCode() == 401
        && response.headers().allValues("WWW-Authenticate").stream()
            .anyMatch(challenge -> challenge.contains("error=\"invalid_token\""));
  }

  // Whether the refresh token was refused. A rate limit, a server error or a lost network leaves it valid.
  private static boolean endsSession(Throwable failure) {
    return failure instanceof ProblemException problem
        && (problem.status() == 400 || problem.status() == 401 || problem.status() == 403);
  }

  private static void discard(HttpResponse<?> response, boolean isUnwanted) {
    if (!isUnwanted || !(response.body() instanceof Closeable body)) return;
    try {
      body.close();
    } catch (IOException closed) {
      // Nobody wanted it.
    }
  }
}
