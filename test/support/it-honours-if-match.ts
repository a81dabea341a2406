/** How every change to a user handles `If-Match`. */
import { expect } from 'chai';
import type { TestApp } from './app.ts';
import type { Answer } from './client.ts';
import { expectProblem } from './problems.ts';

/** A change that can be made to a new user. */
export interface PreparedChange {
  readonly id: string;
  /** The token of somebody who may read the user. */
  readonly token: string;
  readonly send: (headers: Record<string, string>) => Promise<Answer>;
}

/** `success` is the status of the change; `late` is that of the slower of two simultaneous ones, unless its sender is gone by then. */
export function itHonoursIfMatch(
  app: TestApp,
  { success, late }: { success: 200 | 204; late?: 412 | 404 },
  prepare: () => Promise<PreparedChange>,
): void {
  const read = ({ id, token }: PreparedChange) => app.send('get', `/users/${id}`, { token });
  const tagOf = async (change: PreparedChange) => (await read(change)).headers['etag'] ?? '';

  const matching: [string, (tag: string) => string][] = [
    ['the current tag', (tag) => tag],
    ['*', () => '*'],
    ['a list with the current tag', (tag) => `"997", W/"998" ,${tag}`],
  ];
  for (const [what, header] of matching) {
    it(`makes the change with ${what}`, async () => {
      const change = await prepare();

      const { status } = await change.send({ 'If-Match': header(await tagOf(change)) });

      expect(status).to.equal(success);
    });
  }

  const others: [string, (tag: string) => string][] = [
    ['a tag that the user never had', (tag) => tag.replace(/\d+"$/, '999"')],
    ['the current tag as a weak one', (tag) => `W/${tag}`],
    ['a list without the current tag', (tag) => `"997", W/${tag}, "x${tag.slice(1)}`],
  ];
  for (const [what, header] of others) {
    it(`answers 412 to ${what} and changes nothing`, async () => {
      const change = await prepare();
      const before = await read(change);

      const answer = await change.send({ 'If-Match': header(before.headers['etag'] ?? '') });

      expectProblem(answer, 412, 'precondition_failed');
      expect((await read(change)).bytes.equals(before.bytes)).to.equal(true);
      expect(await tagOf(change)).to.equal(before.headers['etag']);
    });
  }

  it('answers 412 to the ETag of another user at the same version', async () => {
    const [change, other] = [await prepare(), await prepare()];
    const [tag, otherTag] = [await tagOf(change), await tagOf(other)];

    const answer = await change.send({ 'If-Match': otherTag });

    expect(tag.replace(change.id, other.id)).to.equal(otherTag);
    expectProblem(answer, 412, 'precondition_failed');
    expect(await tagOf(change)).to.equal(tag);
  });

  it('makes the change with the etag from a list', async () => {
    const change = await prepare();
    const { body: user, headers } = await read(change);

    const { accessToken: token } = await app.signIn('moderator');
    const { body: list } = await app.send('get', '/users', { token, query: { search: user.email } });
    const { status } = await change.send({ 'If-Match': list.items[0].etag });

    expect(list.items).to.deep.equal([user]);
    expect(user.etag).to.equal(headers['etag']);
    expect(status).to.equal(success);
  });

  it('answers 412 when the user was changed since', async () => {
    const change = await prepare();
    const tag = await tagOf(change);
    await app.users.update(change.id, { fullName: 'Somebody Faster' });

    const answer = await change.send({ 'If-Match': tag });

    expectProblem(answer, 412, 'precondition_failed');
    expect((await read(change)).body.full_name).to.equal('Somebody Faster');
  });

  if (late === undefined) return;

  it('makes one of two simultaneous changes with the same ETag', async () => {
    for (let round = 0; round < 5; round += 1) {
      const change = await prepare();
      const headers = { 'If-Match': await tagOf(change) };

      const answers = await Promise.all([change.send(headers), change.send(headers)]);

      expect(answers.map(({ status }) => status).sort()).to.deep.equal([success, late]);
    }
  });
}
