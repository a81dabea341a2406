import { type Client, ProblemError } from '../../openapi/clients/typescript/index.ts';

// They begin, end or describe sessions themselves.
const asTheyAre: ReadonlySet<string> = new Set<keyof Client>([
  'answerChallenge',
  'eachUser',
  'fetch',
  'getAccessToken',
  'isSignedIn',
  'onChange',
  'reauthenticate',
  'reauthenticateWithPasskey',
  'signIn',
  'signInWithCode',
  'signInWithPasskey',
  'signOut',
]);

/** A client whose calls, should the session have ended, have somebody sign in again, and are then repeated once. */
export function goingOn(client: Client, signInAgain: () => Promise<void>): Client {
  const going = (call: (...given: unknown[]) => Promise<unknown>) => {
    return async (...given: unknown[]) => {
      try {
        return await call(...given);
      } catch (error) {
        if (!(error instanceof ProblemError && error.status === 401)) throw error;
        // A proof was asked for, and a new session came instead, which is proof enough.
        if (!error.needsReauthentication) await signInAgain();
        return call(...given);
      }
    };
  };
  const members = Object.entries(client).map(([name, member]: [string, unknown]) => [
    name,
    asTheyAre.has(name) ? member : going(member as (...given: unknown[]) => Promise<unknown>),
  ]);
  return Object.fromEntries(members) as Client;
}
