package latchkey;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import latchkey.model.Problem;

/** Reads responses: what they say, or the exception that they are. */
final class Answers {
  private Answers() {}

  /** Reads a JSON body. */
  static <T> Function<HttpResponse<byte[]>, T> of(Class<T> type) {
    return response -> bodyOf(accepted(response), type);
  }

  /** Reads a JSON body, if there is one. */
  static <T> Function<HttpResponse<byte[]>, Optional<T>> optional(Class<T> type) {
    return response ->
        isEmpty(accepted(response)) && response.statusCode() != 200
            ? Optional.empty()
            : Optional.of(bodyOf(response, type));
  }

  /** Reads a picture. */
  static Function<HttpResponse<byte[]>, byte[]> picture() {
    return response ->
        Optional.of(accepted(response))
            .filter(answer -> typeOf(answer).filter(type -> type.startsWith("image/")).isPresent())
            .map(HttpResponse::body)
            .orElseThrow(() -> new UnexpectedAnswerException(response));
  }

  /** Reads nothing. */
  static Function<HttpResponse<byte[]>, Void> nothing() {
    return response -> {
      if (!isEmpty(accepted(response)) && !isJson(response)) throw new UnexpectedAnswerException(response);
      return null;
    };
  }

  /** The content type of a response, without parameters. */
  static Optional<String> typeOf(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Content-Type")
        .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
  }

  /** How long to wait; a proxy may have sent a date. */
  static Optional<Duration> retryAfter(HttpHeaders headers) {
    return headers.firstValue("Retry-After").map(String::strip).flatMap(Answers::waitOf);
  }

  private static Optional<Duration> waitOf(String value) {
    try {
      Duration wait =
          value.matches("\\d{1,9}")
              ? Duration.ofSeconds(Long.parseLong(value))
              : Duration.between(Instant.now(), DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException unknown) {
      return Optional.empty();
    }
  }

  private static HttpResponse<byte[]> accepted(HttpResponse<byte[]> response) {
    if (response.statusCode() / 100 == 2) return response;
    throw ProblemException.of(bodyOf(response, Problem.class), response.headers());
  }

  private static <T> T bodyOf(HttpResponse<byte[]> response, Class<T> type) {
    return Optional.of(response)
        .filter(Answers::isJson)
        .flatMap(json -> Json.read(json.body(), type))
        .orElseThrow(() -> new UnexpectedAnswerException(response));
  }

  private static boolean isEmpty(HttpResponse<byte[]> response) {
    return response.body().length == 0;
  }

  private static boolean isJson(HttpResponse<?> response) {
    return typeOf(response).filter(type -> type.equals("application/json") || type.endsWith("+json")).isPresent();
  }
}
