package latchkey;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The result of a call that is sent, again where that is safe. Cancelling it stops what is sent. */
final class Sending<T> extends CompletableFuture<T> {
  private final Transport transport;
  private final TokenExchange tokens;
  private final boolean isSecured;
  private final HttpRequest request;
  private final Attempts attempts;
  private final Function<HttpResponse<byte[]>, T> read;
  private volatile Future<?> exchange;

  Sending(Call call, Transport transport, TokenExchange tokens, Function<HttpResponse<byte[]>, T> read) {
    this.transport = transport;
    this.tokens = tokens;
    this.read = read;
    isSecured = call.isSecured();
    request = call.request(transport.origin());
    attempts = new Attempts(call, transport.retry());
  }

  /** Begins to send it. */
  CompletableFuture<T> begin() {
    attempt();
    return this;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean isCancelled = super.cancel(mayInterruptIfRunning);
    if (isCancelled && exchange != null) exchange.cancel(true);
    return isCancelled;
  }

  private void attempt() {
    if (isDone()) return;
    try {
      (isSecured ? tokens.authorized(request, this::exchange) : exchange(request)).whenComplete(this::conclude);
    } catch (RuntimeException failed) {
      completeExceptionally(failed);
    }
  }

  private CompletableFuture<HttpResponse<byte[]>> exchange(HttpRequest request) {
    // It may have been cancelled while it waited for tokens.
    if (isCancelled()) return failedFuture(new CancellationException());
    CompletableFuture<HttpResponse<byte[]>> begun = transport.exchange(request);
    exchange = begun;
    if (isCancelled()) begun.cancel(true);
    return begun;
  }

  private void conclude(HttpResponse<byte[]> response, Throwable failure) {
    Throwable cause = Waiting.causeOf(failure);
    boolean isUnreachable = Transport.isNetworkFailure(cause);
    // Any other failure is final, such as a refresh that failed.
    Optional<Duration> pause =
        cause == null || isUnreachable ? attempts.pauseAfter(response) : Optional.<Duration>empty();
    if (pause.isPresent()) {
      delayedExecutor(pause.get().toMillis(), TimeUnit.MILLISECONDS).execute(this::attempt);
    } else if (cause != null) {
      completeExceptionally(isUnreachable ? new NetworkException(cause) : cause);
    } else {
      try {
        complete(read.apply(response));
      } catch (RuntimeException refused) {
        completeExceptionally(refused);
      }
    }
  }
}
