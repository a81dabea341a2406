#!/bin/sh
# Prepares the stack: sh docker/make-secrets.sh [HOST NAME]. Creates whatever is missing in docker/secrets/ and docker/.env, never changes
# an existing file, and says which is which. The name defaults to that in docker/.env, or localhost. Status 1: an existing file doesn't fit.
set -eu
cd "$(dirname "$0")"
known=$(sed -n 's|^PUBLIC_URL=https://\([^/:]*\).*|\1|p' .env 2>/dev/null || true)
name=${1:-${known:-localhost}}
status=0

# Nobody else can enter the folder; the files themselves must be readable by the containers' users.
mkdir -p secrets
chmod 700 secrets
umask 022

say() { echo "make-secrets: $*"; }
complain() {
  say "$@" >&2
  status=1
}
random() { openssl rand -hex 32; }

make() { # make FILE COMMAND…: writes the command's output to the file, unless it exists
  file=$1
  shift
  if [ -e "$file" ]; then
    say "kept docker/$file"
  else
    "$@" >"$file.part"
    mv "$file.part" "$file"
    say "created docker/$file"
  fi
}

certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=$name" \
    -addext "subjectAltName=DNS:$name" -keyout secrets/tls_key.part 2>/dev/null
}

# It signs ten minutes later, when every replica has it.
signing_key() {
  time=$(date -u -d '+10 minutes' +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -v+10M +%Y-%m-%dT%H:%M:%SZ)
  echo "Signs from: $time"
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256
}

environment() {
  # Docker Compose reads this. The image is pinned, so that a later build does not replace what is running.
  version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' ../package.json 2>/dev/null || true)
  echo "COMPOSE_PROJECT_NAME=latchkey"
  echo "PUBLIC_URL=https://$name"
  echo "JWT_ISSUER=https://$name"
  echo "LATCHKEY_IMAGE=latchkey:${version:-latest}"
}

make .env environment
make secrets/database_admin_password random
make secrets/database_password random
make secrets/database_url printf 'postgres://latchkey:%s@database:5432/latchkey?sslmode=disable\n' "$(cat secrets/database_password)"
make secrets/database_app_password random
make secrets/database_app_url printf 'postgres://latchkey_app:%s@database:5432/latchkey?sslmode=disable\n' "$(cat secrets/database_app_password)"
make secrets/jwt_secrets openssl rand -base64 48
make secrets/jwt_signing_keys signing_key
make secrets/factor_keys openssl rand -base64 32
make secrets/redis_password random
make secrets/redis_acl printf 'user default on >%s ~* &* +@all\n' "$(cat secrets/redis_password)"
make secrets/redis_url printf 'redis://default:%s@redis:6379\n' "$(cat secrets/redis_password)"
make secrets/smtp_url echo off
make secrets/grafana_password random

renewal="to make another: rm docker/secrets/tls_certificate docker/secrets/tls_key, run this again, then docker compose up -d --no-deps --force-recreate proxy"
if [ ! -e secrets/tls_certificate ] && [ ! -e secrets/tls_key ]; then
  make secrets/tls_certificate certificate
  mv secrets/tls_key.part secrets/tls_key
  chmod 644 secrets/tls_key
  say "created docker/secrets/tls_key"
  say "the certificate is self-signed, for trying out https://$name; replace it with one from your authority"
elif [ ! -e secrets/tls_certificate ] || [ ! -e secrets/tls_key ]; then
  complain "only one of docker/secrets/tls_certificate and docker/secrets/tls_key exists; add the other, or remove it and run this again"
else
  say "kept docker/secrets/tls_certificate and docker/secrets/tls_key"
  case $(openssl x509 -in secrets/tls_certificate -noout -checkhost "$name" 2>&1) in
  *"does match"*) ;;
  *) complain "the certificate is not for $name; $renewal" ;;
  esac
  openssl x509 -in secrets/tls_certificate -noout -checkend 0 >/dev/null 2>&1 ||
    complain "the certificate has expired; $renewal"
fi
[ "$(cat secrets/smtp_url)" != off ] ||
  say "no mail is sent until you write your mail server's URL to docker/secrets/smtp_url, and MAIL_FROM to docker/.env"
known=$(sed -n 's|^PUBLIC_URL=https://\([^/:]*\).*|\1|p' .env)
[ "$known" = "$name" ] ||
  complain "docker/.env does not have PUBLIC_URL=https://$name; change it there, then docker compose up -d"
exit $status
