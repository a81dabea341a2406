import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { createAccessTokenIssuer } from '../../../src/access/access-tokens.ts';
import { useApp } from '../../support/app.ts';
import { expectProblem } from '../../support/problems.ts';
import { nobodysId } from '../../support/ids.ts';

describe('getCurrentUser', () => {
  const app = useApp();
  const me = (token: string) => app.send('get', '/auth/me', { token });

  for (const role of ['user', 'moderator', 'admin'] as const) {
    it(`returns a ${role} their own account`, async () => {
      const ada = await app.signIn(role);

      const { status, body, headers } = await me(ada.accessToken);

      expect(status).to.equal(200);
      expect(body).to.include({ id: ada.id, email: ada.email, full_name: ada.fullName, role, is_active: true });
      expect(headers).to.include({ etag: `"${body.id}.1"`, 'cache-control': 'no-store' });
      expect(body.etag).to.equal(headers['etag']);
    });
  }

  it('returns the same as getUser', async () => {
    const ada = await app.signIn();

    const [own, byId] = [
      await me(ada.accessToken),
      await app.send('get', `/users/${ada.id}`, { token: ada.accessToken }),
    ];

    expect(own.bytes.equals(byId.bytes)).to.equal(true);
    expect(own.headers['etag']).to.equal(byId.headers['etag']);
  });

  for (const [what, changes] of [
    ['of an unknown session', { sessionId: nobodysId }],
    ["of somebody else's session", { userId: nobodysId }],
    ['with an invalid session id', { sessionId: 'x' }],
  ] as const) {
    it(`refuses a token ${what}`, async () => {
      const { sub, sid } = jwt.decode((await app.signIn()).accessToken) as { sub: string; sid: string };
      const issue = createAccessTokenIssuer(app.context.features.sessions.accessTokens);
      const proof = { authenticatedAt: new Date(), amr: ['pwd'], acr: 'urn:latchkey:acr:1' } as const;
      const own = { userId: sub, sessionId: sid, ...proof };

      expect((await me(issue(own))).status).to.equal(200);
      expectProblem(await me(issue({ ...own, ...changes })), 401, 'invalid_token');
    });
  }
});
