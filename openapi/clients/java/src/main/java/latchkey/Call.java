package latchkey;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An operation with its values. */
final class Call {
  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final String operation;
  private final String method;
  private final String path;
  private final List<String> query = new ArrayList<>();
  private boolean isSecured;
  private boolean isTyped;
  private Object body;
  private IfMatch ifMatch;
  private IdempotencyKey idempotencyKey;

  Call(String operation, String method, String path) {
    this.operation = operation;
    this.method = method;
    this.path = path;
  }

  /** It needs an access token. */
  Call secured() {
    isSecured = true;
    return this;
  }

  /** A person at a form waits for it. */
  Call typed() {
    isTyped = true;
    return this;
  }

  /** A parameter is not sent if it is null. */
  Call query(String name, Object value) {
    if (value instanceof Instant time) return query(name, MILLISECONDS.format(time));
    if (value != null) query.add(name + "=" + encoded(value.toString()));
    return this;
  }

  Call body(Object value) {
    body = value;
    return this;
  }

  Call ifMatch(IfMatch value) {
    ifMatch = value;
    return this;
  }

  Call idempotencyKey(IdempotencyKey value) {
    idempotencyKey = value;
    return this;
  }

  String operation() {
    return operation;
  }

  String method() {
    return method;
  }

  boolean isSecured() {
    return isSecured;
  }

  boolean isTyped() {
    return isTyped;
  }

  boolean hasIdempotencyKey() {
    return idempotencyKey != null;
  }

  /** The request to the service at this origin. */
  HttpRequest request(String origin) {
    URI url = URI.create(origin + path + (query.isEmpty() ? "" : "?" + String.join("&", query)));
    BodyPublisher content = body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytesOf(body));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .method(method, content)
            .header("Accept", "application/json, image/*, application/problem+json")
            .header("User-Agent", "latchkey-java/" + Contract.VERSION);
    if (body != null) request.header("Content-Type", mediaTypeOf(body));
    if (ifMatch != null) request.header("If-Match", ifMatch.etag());
    if (idempotencyKey != null) request.header("Idempotency-Key", idempotencyKey.value());
    // Over http, the default would ask for HTTP/2 first, which few proxies understand.
    if (url.getScheme().equals("http")) request.version(HttpClient.Version.HTTP_1_1);
    return request.build();
  }

  /** A segment of a path. Refuses what would change the path. */
  static String segment(String id) {
    if (Set.of("", ".", "..").contains(id)) throw new IllegalArgumentException("an id is empty, or a dot");
    return encoded(id);
  }

  private static byte[] bytesOf(Object body) {
    return body instanceof byte[] bytes ? bytes : Json.write(body);
  }

  /** That of a picture by its first byte; the service says what is wrong with anything else. */
  private static String mediaTypeOf(Object body) {
    if (!(body instanceof byte[] bytes)) return "application/json";
    return switch (bytes.length == 0 ? 0 : bytes[0]) {
      case (byte) 0x89 -> "image/png";
      case (byte) 0xff -> "image/jpeg";
      default -> "image/webp";
    };
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
