#!/bin/sh
# Makes what is missing in docker/secrets: sh docker/make-secrets.sh [HOST NAME]. It changes nothing that is there.
set -eu
name=${1:-localhost}
directory=$(dirname "$0")/secrets

# Nobody else can enter the folder; the files themselves are read by the containers' users.
mkdir -p "$directory"
chmod 700 "$directory"
cd "$directory"
umask 022

random() { openssl rand -hex 32; }

make() { # make FILE COMMAND…: the command's output becomes the file, unless the file is there
  file=$1
  shift
  [ -e "$file" ] && return
  "$@" >"$file.part"
  mv "$file.part" "$file"
  echo "made docker/secrets/$file"
}

certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=$name" \
    -addext "subjectAltName=DNS:$name" -keyout tls_key.part 2>/dev/null
}

make database_password random
make database_url printf 'postgres://latchkey:%s@database:5432/latchkey\n' "$(cat database_password)"
make jwt_secrets openssl rand -base64 48
make redis_password random
make redis_acl printf 'user default on >%s ~* &* +@all\n' "$(cat redis_password)"
make redis_url printf 'redis://default:%s@redis:6379\n' "$(cat redis_password)"
make grafana_password random
if [ ! -e tls_certificate ] && [ ! -e tls_key ]; then
  make tls_certificate certificate
  mv tls_key.part tls_key
  chmod 644 tls_key
  echo "made docker/secrets/tls_key; the certificate is self-signed, for a trial as https://$name"
fi
