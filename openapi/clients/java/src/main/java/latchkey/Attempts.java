package latchkey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** The attempts of one call. */
final class Attempts {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);
  // They say how the service is now.
  private static final Set<String> PROBES = Set.of("getHealth", "getReadiness");

  private final boolean isTyped;
  private int left;
  private Duration waitLeft;
  private Duration backoff = Duration.ofMillis(500);

  Attempts(Call call, Retry retry) {
    boolean isSafe = call.method().equals("GET") || call.hasIdempotencyKey();
    isTyped = call.isTyped();
    left = isSafe && !PROBES.contains(call.operation()) ? retry.attempts() : 1;
    waitLeft = retry.maxWait();
  }

  /** How long to wait before the next attempt; empty if there is none. The response is null if the network failed. */
  Optional<Duration> pauseAfter(HttpResponse<?> response) {
    left--;
    if (left < 1 || !isTransient(response)) return Optional.empty();
    Duration jittered = backoff.multipliedBy(ThreadLocalRandom.current().nextInt(500, 1000)).dividedBy(1000);
    Duration wait =
        Optional.ofNullable(response).flatMap(given -> Answers.retryAfter(given.headers())).orElse(jittered);
    backoff = Duration.ofMillis(Math.min(backoff.multipliedBy(2).toMillis(), LONGEST_PAUSE.toMillis()));
    waitLeft = waitLeft.minus(wait);
    return waitLeft.isNegative() ? Optional.empty() : Optional.of(wait);
  }

  private boolean isTransient(HttpResponse<?> response) {
    if (response == null) return true;
    return switch (response.statusCode()) {
      case 502, 503, 504 -> true;
      // A person at a form should not be kept waiting.
      case 429 -> !isTyped;
      default -> false;
    };
  }
}
