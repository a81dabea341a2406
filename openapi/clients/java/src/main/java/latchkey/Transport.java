package latchkey;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where requests go, and how.
 *
 * @param origin that of the service
 * @param http sends the requests
 * @param timeout of each attempt of a call
 * @param retry how often to send a call
 */
record Transport(String origin, HttpClient http, Duration timeout, Retry retry) {
  /** Sends a request to the service. Cancelling it closes the connection. */
  CompletableFuture<HttpResponse<byte[]>> exchange(HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, BodyHandlers.ofByteArray());
    // HttpRequest's own time-out ends with the headers.
    CompletableFuture<HttpResponse<byte[]>> inTime = answer.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    inTime.whenComplete((response, failure) -> answer.cancel(true));
    return inTime;
  }

  /** Whether no complete response arrived. */
  static boolean isNetworkFailure(Throwable failure) {
    return failure instanceof IOException || failure instanceof TimeoutException;
  }
}
