/** Refused refresh tokens tell nobody whether a session or a user exists, or what became of them. */
import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { useApp, type SignedIn } from '../../support/app.ts';
import type { Answer } from '../../support/client.ts';
import { told } from '../../support/one-time-secrets.ts';
import { expectProblem, withoutInstance } from '../../support/problems.ts';
import { countStatements } from '../../support/statements.ts';

describe('refreshTokens, refusing', () => {
  const app = useApp();
  const refresh = (refreshToken: string) =>
    app.send('post', '/auth/refresh', { json: { refresh_token: refreshToken } });

  const made = (bytes: Buffer) => `lkr_${bytes.toString('base64url')}`;
  const bytesOf = ({ refreshToken }: SignedIn) => Buffer.from(refreshToken.slice(4), 'base64url');
  const after = async (change: (person: SignedIn) => Promise<unknown>) => {
    const person = await app.signIn();
    await change(person);
    return person.refreshToken;
  };
  const pastIn = (column: string) => (person: SignedIn) =>
    app.context.database
      .pool('sessions')
      .where({ user_id: person.id })
      .update({ [column]: new Date(Date.now() - 31 * 86_400_000) });

  // Of the form of ours, so that only the database can tell.
  const wellFormed: [string, () => Promise<string>][] = [
    ['of no session', async () => made(Buffer.concat([randomBytes(16), Buffer.alloc(6), randomBytes(32)]))],
    [
      'that guesses the tag of a session',
      async () => made(Buffer.concat([bytesOf(await app.signIn()).subarray(0, 22), randomBytes(32)])),
    ],
    [
      'of a session that was ended',
      () => after(({ accessToken: token }) => app.send('post', '/auth/logout', { token })),
    ],
    ['of a session that nobody used for long', () => after(pastIn('last_used_at'))],
    ['of a session beyond its 30 days', () => after(pastIn('expires_at'))],
    ['of a user who was deactivated', () => after(({ id }) => app.users.update(id, { isActive: false }))],
    ['of a user who was deleted', () => after(({ id }) => app.users.remove(id))],
  ];

  const malformed = ['nonsense', 'lkr_', `lkr_${'A'.repeat(71)}`, `lkr_${'A'.repeat(73)}`, `lks_${'A'.repeat(43)}`];

  it('answers all of them alike, by status, bytes and headers', async () => {
    const shape = (answer: Answer) => ({ ...told(answer), bytes: withoutInstance(answer) });
    const malformedOne = await refresh(malformed[0]!);
    expectProblem(malformedOne, 401, 'invalid_refresh_token');

    const tokens = await Promise.all(wellFormed.map(([, make]) => make()));
    for (const token of [...malformed, ...tokens]) {
      expect(shape(await refresh(token)), token).to.deep.equal(shape(malformedOne));
    }
  });

  it('does the same work for all well-formed tokens', async () => {
    // The first of a connection prepares its statements.
    await refresh(await wellFormed[0]![1]());
    const counts: Record<string, number> = {};

    for (const [what, make] of wellFormed) {
      const token = await make();
      counts[what] = await countStatements(() => refresh(token));
    }

    expect(counts).to.deep.equal(Object.fromEntries(wellFormed.map(([what]) => [what, 2])));
  });
});
