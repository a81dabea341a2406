/** People with second factors, whose programs sign in with the clients. */
import type { TestApp } from '../support/app.ts';
import { staleToken } from '../support/access-tokens.ts';
import { answer, type Claims, type Credential } from '../support/authenticator.ts';
import { enrolled, type Enrolled } from '../support/challenges.ts';
import { forgetSteps } from '../support/factors.ts';
import { requestOptions } from '../support/passkeys.ts';

/** Somebody with an authenticator app, whose session began an hour ago; `tokens` are its access and refresh token. */
export async function enrolledLongAgo(app: TestApp): Promise<Enrolled & { readonly tokens: [string, string] }> {
  const ada = await enrolled(app);
  await forgetSteps(app, ada.app);
  return { ...ada, tokens: [staleToken(app, ada, 3600), ada.refreshToken] };
}

/** What the browser of somebody with a passkey answers to a challenge of the service, as JSON. */
export async function assertion(app: TestApp, credential: Credential, claims: Claims = {}): Promise<string> {
  return JSON.stringify(answer(await requestOptions(app), credential, claims));
}
