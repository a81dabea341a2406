/* Made by `npm run generate` from openapi/. Do not edit. */
/** The status, title and usual detail of each problem, by code. */
export const problems = {
  account_disabled: {"status":403,"title":"The account is disabled","detail":"This account was deactivated; an administrator can activate it."},
  authentication_required: {"status":401,"title":"Authentication is required","detail":"Send an access token as `Authorization: Bearer …`."},
  content_too_large: {"status":413,"title":"The body is too large","detail":"A body may hold at most 102400 bytes."},
  email_taken: {"status":409,"title":"The e-mail address is taken","detail":"Another user has this e-mail address."},
  forbidden: {"status":403,"title":"This is not allowed","detail":"The role of this user does not allow this operation."},
  idempotency_key_reused: {"status":409,"title":"The idempotency key was used before","detail":"This Idempotency-Key was used for another request; use a new key for a new request."},
  insufficient_user_authentication: {"status":401,"title":"A recent sign-in is required","detail":"Enter your password again to do this."},
  internal_error: {"status":500,"title":"Something went wrong","detail":"The server could not answer this request; the fault was logged under the id in instance."},
  invalid_credentials: {"status":401,"title":"The credentials are not valid","detail":"The e-mail address or the password is wrong."},
  invalid_refresh_token: {"status":401,"title":"The refresh token is not valid","detail":"The refresh token is unknown, expired or was used before; sign in again."},
  invalid_token: {"status":401,"title":"The access token is not valid","detail":"The access token expired, was revoked or is not one of this service; refresh it or sign in again."},
  last_admin: {"status":409,"title":"The last administrator must stay","detail":"Make another user an active admin first."},
  malformed_request: {"status":400,"title":"The request cannot be read","detail":"The request is not well-formed HTTP and JSON."},
  method_not_allowed: {"status":405,"title":"The method is not allowed","detail":"This path has other methods; see Allow."},
  not_found: {"status":404,"title":"There is nothing here","detail":"The contract has no such path; it stands at /openapi.json."},
  not_ready: {"status":503,"title":"The server is not ready","detail":"The server cannot answer requests now."},
  precondition_failed: {"status":412,"title":"The user was changed meanwhile","detail":"The user has another ETag by now; read it again and repeat the change."},
  rate_limited: {"status":429,"title":"Too many requests","detail":"A limit is used up; see Retry-After."},
  service_unavailable: {"status":503,"title":"The service is not available","detail":"The service cannot answer right now; see Retry-After."},
  unsupported_media_type: {"status":415,"title":"The media type is not supported","detail":"Send the body as application/json in UTF-8."},
  validation_failed: {"status":400,"title":"The request is not valid","detail":"The request breaks a rule of the contract; see errors."},
} as const;

/** What people are told about a broken rule, unless the sentence depends on a limit. */
export const messages = {
  required: "is required",
  pattern: "has a form that is not allowed",
  additionalProperties: "is not a field of this operation",
  unknown_parameter: "is not a parameter of this operation",
  empty_parameter: "must have a value; leave it out instead",
  repeated_parameter: "must be given only once",
  well_formed: "contains a character that cannot be stored (U+0000 or half of a surrogate pair)",
  cursor: "is not a cursor of this list with this order and these filters",
  password_common: "is one of the most common passwords",
  password_contains_email: "contains the name in the e-mail address",
  password_contains_name: "contains the full name",
  mixed_scripts: "has letters of several scripts in one word, such as Latin and Cyrillic, which can look alike",
  taken: "belongs to another user",
} as const;
