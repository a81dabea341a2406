-- The schema that the migrations create. Change it with a migration, then run: npm run migrate -- schema

CREATE EXTENSION pg_trgm;

CREATE TABLE users (
  id                  uuid NOT NULL,
  email               text NOT NULL,
  full_name           text COLLATE "und-x-icu" NOT NULL,
  role                text NOT NULL,
  is_active           boolean NOT NULL DEFAULT true,
  password_hash       text NOT NULL,
  version             integer NOT NULL DEFAULT 1,
  created_at          timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at          timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  deleted_at          timestamp(3) with time zone,
  credentials_version integer NOT NULL DEFAULT 1,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_role_check CHECK (role = ANY (ARRAY['user'::text, 'moderator'::text, 'admin'::text]))
);
CREATE INDEX users_created_at_idx ON users (created_at, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_email_key ON users (email) WHERE deleted_at IS NULL;
CREATE INDEX users_email_sort_idx ON users (email COLLATE "C", id) WHERE deleted_at IS NULL;
CREATE INDEX users_full_name_idx ON users (full_name, id) WHERE deleted_at IS NULL;
CREATE INDEX users_name_search_idx ON users USING gin (lower(full_name) gin_trgm_ops);
CREATE INDEX users_search_idx ON users USING gin (email gin_trgm_ops, full_name gin_trgm_ops);
CREATE INDEX users_updated_at_idx ON users (updated_at, id) WHERE deleted_at IS NULL;

CREATE TABLE sessions (
  id                  uuid NOT NULL,
  user_id             uuid NOT NULL,
  created_at          timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at          timestamp(3) with time zone NOT NULL,
  ended_at            timestamp(3) with time zone,
  credentials_version integer NOT NULL DEFAULT 1,
  authenticated_at    timestamp(3) with time zone,
  last_used_at        timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  secret              bytea,
  generation          integer NOT NULL DEFAULT 0,
  methods             text[] NOT NULL DEFAULT '{password}'::text[],
  user_agent          text,
  ip_address          text,
  CONSTRAINT sessions_pkey PRIMARY KEY (id),
  CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);

CREATE TABLE refresh_tokens (
  token_hash bytea NOT NULL,
  session_id uuid NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  used_at    timestamp(3) with time zone,
  CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
  CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);

CREATE TABLE idempotency_keys (
  key_hash     bytea NOT NULL,
  fingerprint  bytea NOT NULL,
  status       integer NOT NULL,
  headers      jsonb NOT NULL,
  body         text NOT NULL,
  expires_at   timestamp(3) with time zone NOT NULL,
  user_id      uuid,
  principal_id uuid,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (key_hash)
);
CREATE INDEX idempotency_keys_expires_at_idx ON idempotency_keys (expires_at);
CREATE INDEX idempotency_keys_principal_id_idx ON idempotency_keys (principal_id);
CREATE INDEX idempotency_keys_user_id_idx ON idempotency_keys (user_id);

CREATE TABLE jobs (
  id           uuid NOT NULL,
  name         text NOT NULL,
  payload      jsonb NOT NULL,
  is_recurring boolean NOT NULL DEFAULT false,
  created_at   timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  run_at       timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  attempts     integer NOT NULL DEFAULT 0,
  lease_id     uuid,
  last_error   text,
  dead_at      timestamp(3) with time zone,
  key          text,
  CONSTRAINT jobs_pkey PRIMARY KEY (id)
);
CREATE INDEX jobs_dead_at_idx ON jobs (dead_at) WHERE dead_at IS NOT NULL;
CREATE UNIQUE INDEX jobs_name_key_key ON jobs (name, key) WHERE key IS NOT NULL AND dead_at IS NULL;
CREATE UNIQUE INDEX jobs_recurring_key ON jobs (name) WHERE is_recurring;
CREATE INDEX jobs_run_at_idx ON jobs (run_at) WHERE dead_at IS NULL;
