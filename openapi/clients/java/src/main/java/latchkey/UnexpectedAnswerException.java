package latchkey;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Something other than the service responded, such as a proxy. */
public final class UnexpectedAnswerException extends LatchkeyException {
  private static final long serialVersionUID = 1L;

  private final URI url;
  private final int status;
  private final String body;
  private final transient HttpHeaders headers;

  UnexpectedAnswerException(HttpResponse<byte[]> response) {
    super(
        "%s answered %d with %s, which is no answer of Latchkey's"
            .formatted(response.uri(), response.statusCode(), Answers.typeOf(response).orElse("no content type")),
        null);
    url = response.uri();
    status = response.statusCode();
    body = new String(response.body(), StandardCharsets.UTF_8);
    headers = response.headers();
  }

  /** Where the request went. */
  public URI url() {
    return url;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** What the response says. */
  public String body() {
    return body;
  }

  /** The headers of the response. */
  public HttpHeaders headers() {
    return headers;
  }
}
