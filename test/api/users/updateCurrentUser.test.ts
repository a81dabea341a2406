import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { nobodysId } from '../../support/ids.ts';
import { itHonoursIfMatch } from '../../support/it-honours-if-match.ts';
import { brokenRules } from '../../support/problems.ts';

describe('updateCurrentUser', () => {
  const app = useApp();
  const change = (token: string, json: object, headers: Record<string, string> = {}) =>
    app.send('patch', '/auth/me', { token, json, headers });
  const me = (token: string) => app.send('get', '/auth/me', { token });

  it('changes the name, and nothing else', async () => {
    const { accessToken } = await app.signIn();
    const before = (await me(accessToken)).body;

    const { status, body, headers } = await change(accessToken, { full_name: 'Ada King' });

    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      ...before,
      full_name: 'Ada King',
      updated_at: body.updated_at,
      etag: headers['etag'],
    });
    expect((await me(accessToken)).body).to.deep.equal(body);
  });

  it('normalises the name', async () => {
    const { accessToken } = await app.signIn();

    const { body } = await change(accessToken, { full_name: '  Zoe\u0301 Quince ' });

    expect(body.full_name).to.equal('Zo\u00e9 Quince');
  });

  it('gives a new ETag and a later updated_at on each change', async () => {
    const { accessToken } = await app.signIn();
    const answers = [await me(accessToken)];

    for (const name of ['One', 'Two', 'Three']) answers.push(await change(accessToken, { full_name: name }));

    const times = answers.map(({ body }) => String(body.updated_at));
    expect(new Set(answers.map(({ headers }) => headers['etag']))).to.have.property('size', 4);
    expect(new Set(times)).to.have.property('size', 4);
    expect(times).to.deep.equal(times.toSorted());
    expect((await me(accessToken)).headers['etag']).to.equal(answers.at(-1)!.headers['etag']);
  });

  it('changes nothing when the name is the same in any spelling', async () => {
    const { accessToken } = await app.signIn();
    const before = await change(accessToken, { full_name: 'Zo\u00e9 Quince' });

    for (const full_name of ['Zo\u00e9 Quince', ' Zoe\u0301 Quince ']) {
      const answer = await change(accessToken, { full_name });

      expect(answer.bytes.equals(before.bytes)).to.equal(true);
      expect(answer.headers['etag']).to.equal(before.headers['etag']);
    }
  });

  it('keeps the session and other users unchanged', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn()];

    await change(ada.accessToken, { full_name: 'Ada King' });

    expect((await me(ada.accessToken)).status).to.equal(200);
    expect((await me(grace.accessToken)).body.full_name).to.equal(grace.fullName);
  });

  describe('refuses', () => {
    it('a name with letters of two scripts in a word, and takes them in two words', async () => {
      const { accessToken } = await app.signIn();

      const refused = await change(accessToken, { full_name: 'Ad\u0430 King' });
      const taken = await change(accessToken, { full_name: 'Ada Кинг' });

      expect(brokenRules(refused)).to.deep.equal(['/body/full_name mixed_scripts']);
      expect(taken.body).to.have.property('full_name', 'Ada Кинг');
    });

    for (const [field, value] of Object.entries({
      role: 'admin',
      is_active: false,
      email: 'ada@example.com',
      email_verified: true,
      email_verified_at: '2026-01-01T00:00:00.000Z',
      id: nobodysId,
      user_id: nobodysId,
      password: 'violet lantern 12',
    })) {
      it(`to change ${field}`, async () => {
        const { accessToken } = await app.signIn();
        const before = await me(accessToken);

        const answer = await change(accessToken, { full_name: 'Ada King', [field]: value });

        expect(brokenRules(answer)).to.deep.equal([`/body/${field} additionalProperties`]);
        expect((await me(accessToken)).bytes.equals(before.bytes)).to.equal(true);
      });
    }
  });

  describe('with If-Match', () => {
    itHonoursIfMatch(app, { success: 200, late: 412 }, async () => {
      const { id, accessToken: token } = await app.signIn();
      return { id, token, send: (headers) => change(token, { full_name: 'Ada King' }, headers) };
    });
  });
});
