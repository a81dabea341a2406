// No match starts inside a run that another could have matched from its start: that would take quadratic time.
const secrets: readonly [RegExp, string][] = [
  [/\blkr_[\w-]+/g, '[refresh token]'],
  [/\blkd_[\w-]+/g, '[device token]'],
  [/\blks_[\w-]+/g, '[one-time secret]'],
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '[access token]'],
  [/\bBearer\s+\S+/gi, 'Bearer [token]'],
  [/(\w:\/\/)[^/\s@]+@/g, '$1[credentials]@'],
  [/(?<![^\s/"'<>(){},;:=])[^\s/"'<>(){},;:=]+@[^\s"'<>(){},;:=@]+\.[^\s"'<>(){},;:=]+/g, '[e-mail address]'],
];

/** Removes tokens, credentials in URLs and e-mail addresses, which libraries put into error messages. */
export function redact(text: string): string {
  let redacted = text;
  for (const [pattern, replacement] of secrets) redacted = redacted.replace(pattern, replacement);
  return redacted;
}
