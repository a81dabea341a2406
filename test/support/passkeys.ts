/** People with passkeys. */
import type { components } from '../../generated/openapi.ts';
import type { SignedIn, TestApp } from './app.ts';
import { answer, makeCredential, type Claims, type Credential } from './authenticator.ts';
import type { Answer } from './client.ts';

type Wire = components['schemas'];

export async function creationOptions(
  app: TestApp,
  token: string,
): Promise<Wire['PublicKeyCredentialCreationOptions']> {
  const { body } = await app.send('post', '/auth/passkeys/begin', { token });
  return (body as unknown as Wire['PasskeyRegistrationOptions']).public_key;
}

/** What a passkey is asked for with: anybody's, or that of whoever got a challenge. */
export async function requestOptions(
  app: TestApp,
  json: Wire['PasskeyLoginStart'] = {},
): Promise<Wire['PublicKeyCredentialRequestOptions']> {
  const { body } = await app.send('post', '/auth/passkeys/login/begin', { json });
  return (body as unknown as Wire['PasskeyLoginOptions']).public_key;
}

/** Registers a passkey over HTTP; its authenticator may get something wrong. */
export async function register(
  app: TestApp,
  { accessToken: token }: Pick<SignedIn, 'accessToken'>,
  { name, ...claims }: Claims & { readonly name?: string } = {},
): Promise<{ readonly credential: Credential; readonly reply: Answer }> {
  const { credential, json } = makeCredential(await creationOptions(app, token), claims);
  const reply = await app.send('post', '/auth/passkeys', { token, json: { credential: json, ...(name && { name }) } });
  return { credential, reply };
}

/** Signs in with a passkey over HTTP; its authenticator may get something wrong. */
export async function loginWith(app: TestApp, credential: Credential, claims: Claims = {}): Promise<Answer> {
  const json = { credential: answer(await requestOptions(app), credential, claims) };
  return app.send('post', '/auth/passkeys/login', { json });
}
