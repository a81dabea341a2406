"""A service that accepts Latchkey's access tokens."""

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import jwt

LATCHKEY_URL = os.environ.get("LATCHKEY_URL", "http://127.0.0.1:8000")
ISSUER = os.environ.get("JWT_ISSUER", "latchkey")
AUDIENCE = os.environ.get("JWT_AUDIENCE", "latchkey")


class Keys(jwt.PyJWKClient):
    """Latchkey's keys, cached for five minutes. A token with an unknown key makes it fetch them again, but at most every 30 seconds."""

    def __init__(self, uri):
        super().__init__(uri, lifespan=300, timeout=5)
        self._asked = float("-inf")
        self._lock = threading.Lock()

    def get_signing_keys(self, refresh=False):
        with self._lock:
            if refresh and time.monotonic() - self._asked < 30:
                refresh = False
            elif refresh:
                self._asked = time.monotonic()
        return super().get_signing_keys(refresh)


keys = Keys(f"{LATCHKEY_URL}/.well-known/jwks.json")


def authenticate(token):
    """Verifies locally. An ended session passes until its access token expires, after 15 minutes at most."""
    # Other JWTs of the same issuer are not access tokens.
    if jwt.get_unverified_header(token).get("typ") != "at+jwt":
        raise jwt.InvalidTokenError("not an access token")
    key = keys.get_signing_key_from_jwt(token)
    if key.algorithm_name not in ("ES256", "RS256"):
        raise jwt.InvalidKeyError("not a key that we trust")
    claims = jwt.decode(
        token,
        key,
        algorithms=[key.algorithm_name],
        issuer=ISSUER,
        audience=AUDIENCE,
        options={"require": ["exp", "iat", "iss", "aud", "sub", "sid"]},
    )
    return {"user_id": claims["sub"], "session_id": claims["sid"]}


def authenticate_now(token):
    """Asks Latchkey, which knows whether the session has just ended, and which role the user has now."""
    authenticate(token)
    request = Request(f"{LATCHKEY_URL}/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})
    try:
        with urlopen(request, timeout=5) as answer:
            user = json.load(answer)
    except HTTPError as error:
        if error.code == 401:
            raise jwt.InvalidTokenError("the session has ended") from error
        raise
    return {"user_id": user["id"], "role": user["role"]}


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return self.answer(401, {"error": "no access token"}, "Bearer")
        try:
            check = authenticate_now if self.path == "/sensitive" else authenticate
            self.answer(200, check(token.strip()))
        except (jwt.PyJWKClientConnectionError, URLError, TimeoutError):
            # The token may be valid.
            self.answer(503, {"error": "try again later"})
        except jwt.PyJWTError:
            self.answer(401, {"error": "invalid access token"}, 'Bearer error="invalid_token"')

    def answer(self, status, body, challenge=None):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if challenge:
            self.send_header("WWW-Authenticate", challenge)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Service)
    print(f"listening on {server.server_port}", flush=True)
    server.serve_forever()
