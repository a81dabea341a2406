import { expect } from 'chai';
import { createHash, randomUUID } from 'node:crypto';
import { createAccessTokenIssuer } from '../../../src/access/access-tokens.ts';
import type { User } from '../../../src/access/user.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';
import { aUser } from '../access/a-user.ts';
import { codeOf } from '../platform/failures.ts';
import { given } from './given-users.ts';

const authenticatedAt = new Date('2026-01-02T03:04:05Z');
const claimsOf = ({ id: userId }: User, sessionId: string) => ({ userId, sessionId, authenticatedAt });

describe('sessions service', () => {
  describe('begin', () => {
    it('issues tokens of a new session', async () => {
      const vera = aUser();
      const { service, onlySession } = given(vera);

      const tokens = await service.begin(vera.id);

      expect(onlySession()).to.include({ userId: vera.id, ttlSeconds: 2_592_000, ended: false });
      expect(tokens.accessToken).to.equal(`${vera.id}/${onlySession().id}`);
      expect(tokens.refreshToken).to.match(/^lkr_[A-Za-z0-9_-]{43}$/);
      expect(tokens.expiresIn).to.equal(900);
    });

    it("stores the refresh token's hash, never the token", async () => {
      const vera = aUser();
      const { service, tokens } = given(vera);

      const { refreshToken } = await service.begin(vera.id);

      expect([...tokens.keys()]).to.deep.equal([createHash('sha256').update(refreshToken).digest('hex')]);
    });

    it('issues different tokens for each session', async () => {
      const vera = aUser();
      const { service } = given(vera);

      const [one, two] = [await service.begin(vera.id), await service.begin(vera.id)];

      expect(one.refreshToken).not.to.equal(two.refreshToken);
      expect(one.accessToken).not.to.equal(two.accessToken);
    });

    it('throws account_disabled when the user was deactivated meanwhile', async () => {
      const vera = aUser({ isActive: false });
      const { service, tokens } = given(vera);

      expect(await codeOf(() => service.begin(vera.id))).to.equal('account_disabled');
      expect(tokens.size).to.equal(0);
    });
  });

  describe('refresh', () => {
    it('continues the session with a new refresh token', async () => {
      const vera = aUser();
      const { service, onlySession } = given(vera);
      const first = await service.begin(vera.id);

      const second = await service.refresh(first.refreshToken);
      const third = await service.refresh(second.refreshToken);

      expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).to.equal(3);
      expect(third.accessToken).to.equal(`${vera.id}/${onlySession().id}`);
      expect(third.expiresIn).to.equal(900);
      expect(onlySession().ended).to.equal(false);
    });

    it('rejects an unknown token', async () => {
      const vera = aUser();
      const { service, onlySession, warnings } = given(vera);
      await service.begin(vera.id);

      expect(await codeOf(() => service.refresh('lkr_nobody'))).to.equal('invalid_refresh_token');
      expect(onlySession().ended).to.equal(false);
      expect(warnings).to.deep.equal([]);
    });

    it('rejects an access token', async () => {
      const vera = aUser();
      const { service, onlySession } = given(vera);
      await service.begin(vera.id);
      const options = { keys: deriveKeys(['x'.repeat(32)]).accessTokens, issuer: 'i', audience: 'a', ttlSeconds: 900 };
      const accessToken = createAccessTokenIssuer(options)(claimsOf(vera, onlySession().id));

      expect(await codeOf(() => service.refresh(accessToken))).to.equal('invalid_refresh_token');
    });

    it('revokes the session of a reused token, successor included, and logs it without the token', async () => {
      const vera = aUser();
      const { service, onlySession, warnings } = given(vera);
      const first = await service.begin(vera.id);
      const second = await service.refresh(first.refreshToken);

      expect(await codeOf(() => service.refresh(first.refreshToken))).to.equal('invalid_refresh_token');

      expect(onlySession().ended).to.equal(true);
      expect(await codeOf(() => service.refresh(second.refreshToken))).to.equal('invalid_refresh_token');
      expect(warnings).to.deep.equal([{ event: 'refresh_token_reused', session_id: onlySession().id }]);
    });

    it("keeps the user's other sessions on reuse", async () => {
      const vera = aUser();
      const { service } = given(vera);
      const other = await service.begin(vera.id);
      const { refreshToken } = await service.begin(vera.id);
      await service.refresh(refreshToken);

      await codeOf(() => service.refresh(refreshToken));

      expect(await service.refresh(other.refreshToken)).to.have.property('refreshToken');
    });

    it('rejects the token of an ended session', async () => {
      const vera = aUser();
      const { service, onlySession, tokens } = given(vera);
      const { refreshToken } = await service.begin(vera.id);
      await service.end(onlySession().id);

      expect(await codeOf(() => service.refresh(refreshToken))).to.equal('invalid_refresh_token');
      expect(tokens.size).to.equal(1);
    });

    it('records the outcome of each refresh', async () => {
      const vera = aUser();
      const { service, outcomes, repository } = given(vera);
      const refresh = (token: string) => service.refresh(token).catch(() => undefined);
      const { refreshToken } = await service.begin(vera.id);
      const next = await refresh(refreshToken);
      await refresh(refreshToken);
      await refresh(next?.refreshToken ?? '');
      await refresh('lkr_of_nobody');
      repository.rotateRefreshTokens = async () => {
        throw new Error('the database is away');
      };
      await refresh(refreshToken);

      expect(outcomes).to.deep.equal(['rotated', 'reused', 'expired', 'invalid', 'failed']);
    });
  });

  describe('authenticate', () => {
    it('finds the user of a session', async () => {
      const vera = aUser();
      const { service, onlySession } = given(vera);
      await service.begin(vera.id);
      const sessionId = onlySession().id;

      const principal = await service.authenticate({ userId: vera.id, sessionId, authenticatedAt });

      expect(principal).to.deep.equal({ kind: 'user', id: vera.id, user: vera, sessionId, authenticatedAt });
    });

    it('batches simultaneous lookups into one query', async () => {
      const [vera, other] = [aUser(), aUser()];
      const { service, repository, sessions } = given(vera, other);
      const asked: number[] = [];
      const { findSessionUsers } = repository;
      repository.findSessionUsers = (db, sessionIds) => {
        asked.push(sessionIds.length);
        return findSessionUsers(db, sessionIds);
      };
      await service.begin(vera.id);
      await service.begin(other.id);
      const claims = [...sessions].map(([sessionId, { userId }]) => ({ userId, sessionId, authenticatedAt }));

      const found = await Promise.all([...claims, ...claims].map((one) => service.authenticate(one)));

      expect(found.map((principal) => principal?.user)).to.deep.equal([vera, other, vera, other]);
      expect(asked).to.deep.equal([4]);
    });

    it('looks up again for later requests', async () => {
      const vera = aUser();
      const { service, onlySession } = given(vera);
      await service.begin(vera.id);
      const claims = claimsOf(vera, onlySession().id);
      await service.authenticate(claims);
      await service.end(claims.sessionId);

      expect(await service.authenticate(claims)).to.equal(undefined);
    });

    it("finds nobody by another user's session", async () => {
      const [vera, other] = [aUser(), aUser()];
      const { service, onlySession } = given(vera, other);
      await service.begin(vera.id);

      expect(await service.authenticate(claimsOf(other, onlySession().id))).to.equal(undefined);
    });

    it('finds nobody by a session that is ended or unknown', async () => {
      const vera = aUser();
      const { service, onlySession } = given(vera);
      await service.begin(vera.id);
      const sessionId = onlySession().id;
      await service.end(sessionId);

      expect(await service.authenticate(claimsOf(vera, sessionId))).to.equal(undefined);
      expect(await service.authenticate(claimsOf(vera, randomUUID()))).to.equal(undefined);
    });
  });
});
