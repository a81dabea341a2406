import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;

/** A service that accepts Latchkey's access tokens. */
public final class Verifier {
  private static final String latchkeyUrl = setting("LATCHKEY_URL", "http://127.0.0.1:8000");

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  private Verifier() throws IOException {
    var keys = JWKSourceBuilder.create(URI.create(latchkeyUrl + "/.well-known/jwks.json").toURL())
        .cache(300_000, 15_000)
        // A token with an unknown key makes it fetch the keys again, but at most twice in this time.
        .rateLimited(30_000)
        .build();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(Set.of(JWSAlgorithm.ES256, JWSAlgorithm.RS256), keys));
    // Other JWTs of the same issuer are not access tokens.
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
    var claims = new DefaultJWTClaimsVerifier<SecurityContext>(
        setting("JWT_AUDIENCE", "latchkey"),
        new JWTClaimsSet.Builder().issuer(setting("JWT_ISSUER", "latchkey")).build(),
        Set.of("exp", "iat", "sub", "sid"));
    claims.setMaxClockSkew(0);
    processor.setJWTClaimsSetVerifier(claims);
  }

  /** Verifies locally. An ended session passes until its access token expires, after 15 minutes at most. */
  private Map<String, Object> authenticate(String token) throws Exception {
    var claims = processor.process(token, null);
    return Map.of("user_id", claims.getSubject(), "session_id", claims.getStringClaim("sid"));
  }

  /** Asks Latchkey, which knows whether the session has just ended, and which role the user has now. */
  private Map<String, Object> authenticateNow(String token) throws Exception {
    authenticate(token);
    var request = HttpRequest.newBuilder(URI.create(latchkeyUrl + "/api/v1/auth/me"))
        .header("Authorization", "Bearer " + token)
        .timeout(Duration.ofSeconds(5))
        .build();
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() == 401) throw new SecurityException("the session has ended");
    if (answer.statusCode() != 200) throw new IOException("Latchkey answered " + answer.statusCode());
    var user = JSONObjectUtils.parse(answer.body());
    return Map.of("user_id", user.get("id"), "role", user.get("role"));
  }

  private void handle(HttpExchange exchange) throws IOException {
    var header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      send(exchange, 401, Map.of("error", "no access token"), "Bearer");
      return;
    }
    var token = header.substring(7).trim();
    try {
      var path = exchange.getRequestURI().getPath();
      send(exchange, 200, path.equals("/sensitive") ? authenticateNow(token) : authenticate(token), null);
    } catch (IOException | InterruptedException | JWKSetUnavailableException error) {
      // The token may be valid.
      send(exchange, 503, Map.of("error", "try again later"), null);
    } catch (Exception error) {
      send(exchange, 401, Map.of("error", "invalid access token"), "Bearer error=\"invalid_token\"");
    }
  }

  private static void send(HttpExchange exchange, int status, Map<String, Object> body, String challenge)
      throws IOException {
    var bytes = JSONObjectUtils.toJSONString(body).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (challenge != null) exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
    exchange.sendResponseHeaders(status, bytes.length);
    try (var stream = exchange.getResponseBody()) {
      stream.write(bytes);
    }
  }

  private static String setting(String name, String fallback) {
    var value = System.getenv(name);
    return value == null || value.isEmpty() ? fallback : value;
  }

  public static void main(String[] args) throws IOException {
    var verifier = new Verifier();
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(setting("PORT", "3000"))), 0);
    server.createContext("/", verifier::handle);
    server.setExecutor(Executors.newFixedThreadPool(16));
    server.start();
    System.out.println("listening on " + server.getAddress().getPort());
  }
}
