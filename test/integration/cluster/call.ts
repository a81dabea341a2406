/** Calls of the API at an instance, or at the proxy before all of them. */

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** What the tests look at. */
type Answer = { readonly status: number } & Partial<Tokens & { readonly id: string; readonly code: string }>;

export async function call(
  origin: string,
  method: string,
  path: string,
  { token, body }: { token?: string | undefined; body?: object },
): Promise<Answer> {
  const answer = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: {
      ...(body && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { ...(text && (JSON.parse(text) as object)), status: answer.status };
}
