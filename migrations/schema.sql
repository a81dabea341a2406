-- The schema that the migrations create. Change it with a migration, then run: npm run migrate -- schema

CREATE EXTENSION pg_trgm;
CREATE OR REPLACE FUNCTION public.erase_audit_events_of(erased_id uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    declare
      erased integer;
    begin
      if exists (select from users where id = erased_id and deleted_at is null) then
        raise exception 'user % was not deleted', erased_id using errcode = 'object_not_in_prerequisite_state';
      end if;
      perform set_config('latchkey.audit_upkeep', 'on', true);
      -- What somebody else did keeps where they did it from, and what the user did to others keeps its details.
      update audit_events set
        ip_address = case when coalesce(actor_id, user_id) = erased_id then null else ip_address end,
        user_agent = case when coalesce(actor_id, user_id) = erased_id then null else user_agent end,
        details = case when user_id = erased_id then '{}' else details end
      where user_id = erased_id or actor_id = erased_id;
      get diagnostics erased = row_count;
      perform set_config('latchkey.audit_upkeep', '', true);
      return erased;
    end $function$
;
CREATE OR REPLACE FUNCTION public.expire_audit_events(retention_days integer, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
    declare
      deleted integer;
    begin
      if retention_days is null or retention_days < 30 then
        raise exception 'audit events are kept for at least 30 days' using errcode = 'invalid_parameter_value';
      end if;
      perform set_config('latchkey.audit_upkeep', 'on', true);
      delete from audit_events where id = any(array(
        select id from audit_events where created_at < now() - make_interval(days => retention_days)
        order by created_at, id limit most for update skip locked));
      get diagnostics deleted = row_count;
      perform set_config('latchkey.audit_upkeep', '', true);
      return deleted;
    end $function$
;
CREATE OR REPLACE FUNCTION public.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      if current_setting('latchkey.audit_upkeep', true) is distinct from 'on' or tg_op = 'TRUNCATE' then
        raise exception 'audit events are never changed'
          using errcode = 'insufficient_privilege', hint = 'They expire after AUDIT_RETENTION_DAYS.';
      end if;
      return null;
    end $function$
;

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
  email_verified_at   timestamp(3) with time zone,
  pending_email       text,
  is_provisional      boolean NOT NULL DEFAULT false,
  erased_at           timestamp(3) with time zone,
  picture_tag         text,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_role_check CHECK (role = ANY (ARRAY['user'::text, 'moderator'::text, 'admin'::text]))
);
CREATE INDEX users_created_at_idx ON users (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_deleted_at_idx ON users (deleted_at) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;
CREATE UNIQUE INDEX users_email_key ON users (email) WHERE deleted_at IS NULL;
CREATE INDEX users_email_sort_idx ON users (email COLLATE "C", id) WHERE deleted_at IS NULL;
CREATE INDEX users_full_name_idx ON users (full_name, id) WHERE deleted_at IS NULL;
CREATE INDEX users_inactive_created_at_idx ON users (created_at, id) WHERE deleted_at IS NULL AND NOT is_active;
CREATE INDEX users_inactive_email_idx ON users (email COLLATE "C", id) WHERE deleted_at IS NULL AND NOT is_active;
CREATE INDEX users_inactive_full_name_idx ON users (full_name, id) WHERE deleted_at IS NULL AND NOT is_active;
CREATE INDEX users_inactive_role_created_at_idx ON users (role, created_at, id) WHERE deleted_at IS NULL AND NOT is_active AND role <> 'user'::text;
CREATE INDEX users_inactive_role_email_idx ON users (role, email COLLATE "C", id) WHERE deleted_at IS NULL AND NOT is_active AND role <> 'user'::text;
CREATE INDEX users_inactive_role_full_name_idx ON users (role, full_name, id) WHERE deleted_at IS NULL AND NOT is_active AND role <> 'user'::text;
CREATE INDEX users_inactive_role_updated_at_idx ON users (role, updated_at, id) WHERE deleted_at IS NULL AND NOT is_active AND role <> 'user'::text;
CREATE INDEX users_inactive_updated_at_idx ON users (updated_at, id) WHERE deleted_at IS NULL AND NOT is_active;
CREATE INDEX users_name_search_idx ON users USING gin (lower(full_name) gin_trgm_ops);
CREATE INDEX users_role_created_at_idx ON users (role, created_at, id) WHERE deleted_at IS NULL AND role <> 'user'::text;
CREATE INDEX users_role_email_idx ON users (role, email COLLATE "C", id) WHERE deleted_at IS NULL AND role <> 'user'::text;
CREATE INDEX users_role_full_name_idx ON users (role, full_name, id) WHERE deleted_at IS NULL AND role <> 'user'::text;
CREATE INDEX users_role_updated_at_idx ON users (role, updated_at, id) WHERE deleted_at IS NULL AND role <> 'user'::text;
CREATE INDEX users_search_idx ON users USING gin (email gin_trgm_ops, full_name gin_trgm_ops);
CREATE INDEX users_unverified_created_at_idx ON users (created_at, id) WHERE deleted_at IS NULL AND email_verified_at IS NULL;
CREATE INDEX users_unverified_email_idx ON users (email COLLATE "C", id) WHERE deleted_at IS NULL AND email_verified_at IS NULL;
CREATE INDEX users_unverified_full_name_idx ON users (full_name, id) WHERE deleted_at IS NULL AND email_verified_at IS NULL;
CREATE INDEX users_unverified_updated_at_idx ON users (updated_at, id) WHERE deleted_at IS NULL AND email_verified_at IS NULL;
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

CREATE TABLE audit_events (
  id         uuid NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  type       text NOT NULL,
  outcome    text NOT NULL,
  user_id    uuid,
  actor_id   uuid,
  session_id uuid,
  request_id text,
  ip_address text,
  user_agent text,
  details    jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT audit_events_pkey PRIMARY KEY (id),
  CONSTRAINT audit_events_outcome_check CHECK (outcome = ANY (ARRAY['success'::text, 'failure'::text]))
);
CREATE INDEX audit_events_actor_id_idx ON audit_events (actor_id, created_at, id);
CREATE INDEX audit_events_created_at_idx ON audit_events (created_at, id);
CREATE INDEX audit_events_failure_idx ON audit_events (created_at, id) WHERE outcome = 'failure'::text;
CREATE INDEX audit_events_type_idx ON audit_events (type, created_at, id);
CREATE INDEX audit_events_user_id_idx ON audit_events (user_id, created_at, id);
CREATE TRIGGER audit_events_are_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TABLE pending_registrations (
  id            uuid NOT NULL,
  email         text NOT NULL,
  full_name     text NOT NULL,
  password_hash text NOT NULL,
  created_at    timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at    timestamp(3) with time zone NOT NULL,
  CONSTRAINT pending_registrations_pkey PRIMARY KEY (id)
);
CREATE INDEX pending_registrations_email_idx ON pending_registrations (email, created_at);
CREATE INDEX pending_registrations_expires_at_idx ON pending_registrations (expires_at);

CREATE TABLE one_time_secrets (
  secret_hash         bytea NOT NULL,
  purpose             text NOT NULL,
  user_id             uuid,
  registration_id     uuid,
  email               text NOT NULL,
  credentials_version integer,
  mail_id             uuid,
  created_at          timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at          timestamp(3) with time zone NOT NULL,
  used_at             timestamp(3) with time zone,
  CONSTRAINT one_time_secrets_pkey PRIMARY KEY (secret_hash),
  CONSTRAINT one_time_secrets_registration_id_fkey FOREIGN KEY (registration_id) REFERENCES pending_registrations(id) ON DELETE CASCADE,
  CONSTRAINT one_time_secrets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT one_time_secrets_owner_check CHECK (num_nonnulls(user_id, registration_id) = 1)
);
CREATE INDEX one_time_secrets_email_idx ON one_time_secrets (email, created_at);
CREATE INDEX one_time_secrets_expires_at_idx ON one_time_secrets (expires_at);
CREATE INDEX one_time_secrets_registration_id_idx ON one_time_secrets (registration_id);
CREATE INDEX one_time_secrets_user_id_idx ON one_time_secrets (user_id);

CREATE TABLE guess_counts (
  account    bytea NOT NULL,
  source     bytea NOT NULL,
  failures   integer NOT NULL,
  retry_at   timestamp with time zone,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT guess_counts_pkey PRIMARY KEY (account, source)
);
CREATE INDEX guess_counts_expires_at_idx ON guess_counts (expires_at);

CREATE TABLE factors (
  id           uuid NOT NULL,
  user_id      uuid NOT NULL,
  kind         text NOT NULL,
  name         text NOT NULL,
  created_at   timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  confirmed_at timestamp(3) with time zone,
  last_used_at timestamp(3) with time zone,
  CONSTRAINT factors_pkey PRIMARY KEY (id),
  CONSTRAINT factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX factors_unconfirmed_idx ON factors (created_at) WHERE confirmed_at IS NULL;
CREATE INDEX factors_user_id_idx ON factors (user_id);

CREATE TABLE totp_seeds (
  factor_id uuid NOT NULL,
  seed      bytea NOT NULL,
  last_step bigint NOT NULL DEFAULT '0'::bigint,
  CONSTRAINT totp_seeds_pkey PRIMARY KEY (factor_id),
  CONSTRAINT totp_seeds_factor_id_fkey FOREIGN KEY (factor_id) REFERENCES factors(id) ON DELETE CASCADE
);

CREATE TABLE recovery_codes (
  code_hash  bytea NOT NULL,
  user_id    uuid NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  used_at    timestamp(3) with time zone,
  CONSTRAINT recovery_codes_pkey PRIMARY KEY (code_hash),
  CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX recovery_codes_user_id_idx ON recovery_codes (user_id);

CREATE TABLE login_challenges (
  token_hash          bytea NOT NULL,
  user_id             uuid NOT NULL,
  credentials_version integer NOT NULL,
  methods             text[] NOT NULL,
  session_id          uuid,
  device              text,
  attempts            integer NOT NULL DEFAULT 0,
  created_at          timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at          timestamp(3) with time zone NOT NULL,
  used_at             timestamp(3) with time zone,
  CONSTRAINT login_challenges_pkey PRIMARY KEY (token_hash),
  CONSTRAINT login_challenges_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  CONSTRAINT login_challenges_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX login_challenges_expires_at_idx ON login_challenges (expires_at);
CREATE INDEX login_challenges_session_id_idx ON login_challenges (session_id);
CREATE INDEX login_challenges_user_id_idx ON login_challenges (user_id);

CREATE TABLE passkeys (
  factor_id          uuid NOT NULL,
  credential_id      bytea NOT NULL,
  public_key         bytea NOT NULL,
  sign_count         bigint NOT NULL,
  transports         text[] NOT NULL,
  is_backup_eligible boolean NOT NULL,
  is_backed_up       boolean NOT NULL,
  aaguid             uuid NOT NULL,
  CONSTRAINT passkeys_pkey PRIMARY KEY (factor_id),
  CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id),
  CONSTRAINT passkeys_factor_id_fkey FOREIGN KEY (factor_id) REFERENCES factors(id) ON DELETE CASCADE
);

CREATE TABLE passkey_challenges (
  challenge_hash bytea NOT NULL,
  purpose        text NOT NULL,
  user_id        uuid,
  created_at     timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at     timestamp(3) with time zone NOT NULL,
  CONSTRAINT passkey_challenges_pkey PRIMARY KEY (challenge_hash),
  CONSTRAINT passkey_challenges_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX passkey_challenges_expires_at_idx ON passkey_challenges (expires_at);
CREATE INDEX passkey_challenges_user_id_idx ON passkey_challenges (user_id);

CREATE TABLE email_codes (
  mail_id             uuid NOT NULL,
  user_id             uuid NOT NULL,
  email               text NOT NULL,
  credentials_version integer NOT NULL,
  attempts            integer NOT NULL DEFAULT 0,
  created_at          timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at          timestamp(3) with time zone NOT NULL,
  ended_at            timestamp(3) with time zone,
  CONSTRAINT email_codes_pkey PRIMARY KEY (mail_id),
  CONSTRAINT email_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX email_codes_email_idx ON email_codes (email, created_at);
CREATE INDEX email_codes_expires_at_idx ON email_codes (expires_at);
CREATE UNIQUE INDEX email_codes_open_key ON email_codes (user_id) WHERE ended_at IS NULL;
CREATE INDEX email_codes_user_id_idx ON email_codes (user_id);

CREATE TABLE pictures (
  user_id    uuid NOT NULL,
  tag        text NOT NULL,
  media_type text NOT NULL,
  width      integer NOT NULL,
  height     integer NOT NULL,
  bytes      bytea NOT NULL,
  changed_at timestamp(3) with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT pictures_pkey PRIMARY KEY (user_id),
  CONSTRAINT pictures_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
