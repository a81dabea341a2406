import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { itHonoursIfMatch } from '../../support/if-match-stories.ts';
import { brokenRules } from '../../support/problems.ts';
import { itNeedsASession, itReadsOnlyJson, itRefusesUnknownParameters } from '../../support/stories.ts';

describe('updateCurrentUser', () => {
  const app = useApp();
  const change = (token: string, json: object, headers: Record<string, string> = {}) =>
    app.send('patch', '/auth/me', { token, json, headers });
  const me = (token: string) => app.send('get', '/auth/me', { token });
  const target = {
    method: 'patch',
    path: '/auth/me',
    json: { full_name: 'Ada King' },
    token: async () => (await app.signIn()).accessToken,
  } as const;

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

  it('trims and composes the name', async () => {
    const { accessToken } = await app.signIn();

    const { body } = await change(accessToken, { full_name: '  Zoe\u0301 Quince ' });

    expect(body.full_name).to.equal('Zo\u00e9 Quince');
  });

  it('gives a new tag and a later updated_at with each change', async () => {
    const { accessToken } = await app.signIn();
    const answers = [await me(accessToken)];

    for (const name of ['One', 'Two', 'Three']) answers.push(await change(accessToken, { full_name: name }));

    const times = answers.map(({ body }) => String(body.updated_at));
    expect(new Set(answers.map(({ headers }) => headers['etag']))).to.have.property('size', 4);
    expect(new Set(times)).to.have.property('size', 4);
    expect(times).to.deep.equal(times.toSorted());
    expect((await me(accessToken)).headers['etag']).to.equal(answers.at(-1)!.headers['etag']);
  });

  it('changes nothing when the name is the same, in whatever spelling', async () => {
    const { accessToken } = await app.signIn();
    const before = await change(accessToken, { full_name: 'Zo\u00e9 Quince' });

    for (const full_name of ['Zo\u00e9 Quince', ' Zoe\u0301 Quince ']) {
      const answer = await change(accessToken, { full_name });

      expect(answer.bytes.equals(before.bytes)).to.equal(true);
      expect(answer.headers['etag']).to.equal(before.headers['etag']);
    }
  });

  it('keeps the session, and the other users as they are', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn()];

    await change(ada.accessToken, { full_name: 'Ada King' });

    expect((await me(ada.accessToken)).status).to.equal(200);
    expect((await me(grace.accessToken)).body.full_name).to.equal(grace.fullName);
  });

  describe('refuses', () => {
    itNeedsASession(app, target);
    itReadsOnlyJson(app, target);
    itRefusesUnknownParameters(app, target);

    for (const [field, value] of Object.entries({
      role: 'admin',
      is_active: false,
      email: 'ada@example.com',
      id: 'x',
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

    it('a change of nothing', async () => {
      const { accessToken } = await app.signIn();

      expect(brokenRules(await change(accessToken, {}))).to.deep.equal(['/body minProperties']);
    });

    for (const [name, rule] of [
      ['', 'minLength'],
      ['   ', 'minLength'],
      ['\u200d\ufe0f', 'pattern'],
      ['Ada\tKing', 'pattern'],
      ['x'.repeat(101), 'maxLength'],
    ] as const) {
      it(`the name ${JSON.stringify(name).slice(0, 12)}`, async () => {
        const { accessToken } = await app.signIn();

        expect(brokenRules(await change(accessToken, { full_name: name }))).to.include(`/body/full_name ${rule}`);
      });
    }

    it('a name that is null', async () => {
      const { accessToken } = await app.signIn();

      expect(brokenRules(await change(accessToken, { full_name: null }))).to.include('/body/full_name type');
    });
  });

  describe('with If-Match', () => {
    itHonoursIfMatch(app, { success: 200, late: 412 }, async () => {
      const { id, accessToken: token } = await app.signIn();
      return { id, token, send: (headers) => change(token, { full_name: 'Ada King' }, headers) };
    });
  });
});
