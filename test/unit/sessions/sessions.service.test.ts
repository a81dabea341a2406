import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { createAccessTokenIssuer } from '../../../src/access/access-tokens.ts';
import type { User } from '../../../src/access/user.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';
import { aClient } from '../../support/a-client.ts';
import { aUser } from '../access/a-user.ts';
import { codeOf } from '../platform/failures.ts';
import { given } from './given-users.ts';

const authenticatedAt = new Date('2026-01-02T03:04:05Z');
const acr = 'urn:latchkey:acr:1' as const;
const claimsOf = ({ id: userId }: User, sessionId: string) => ({
  userId,
  sessionId,
  authenticatedAt,
  amr: ['pwd'],
  acr,
});

describe('sessions service', () => {
  describe('begin', () => {
    it('issues tokens of a new session', async () => {
      const vera = aUser();
      const { service, onlySession } = given(vera);

      const tokens = await service.begin(vera.id);

      expect(onlySession()).to.include({ userId: vera.id, ttlSeconds: 2_592_000, ended: false });
      expect(tokens.accessToken).to.equal(`${vera.id}/${onlySession().id}`);
      expect(tokens.refreshToken).to.match(/^lkr_[A-Za-z0-9_-]{72}$/);
      expect(tokens.expiresIn).to.equal(900);
    });

    it('derives the refresh token from a secret that no other session has', async () => {
      const vera = aUser();
      const { service, sessions } = given(vera);

      await service.begin(vera.id);
      await service.begin(vera.id);

      const secrets = [...sessions.values()].map(({ secret }) => secret.toString('hex'));
      expect(new Set(secrets).size).to.equal(2);
      for (const secret of secrets) expect(secret).to.match(/^[0-9a-f]{64}$/);
    });

    it('stores how and from where the user signed in', async () => {
      const vera = aUser();
      const { service, onlySession } = given(vera);

      await service.begin(vera.id);

      expect(onlySession().methods).to.deep.equal(['password']);
      expect(onlySession().client).to.deep.equal(aClient());
    });

    it('issues different tokens for each session', async () => {
      const vera = aUser();
      const { service } = given(vera);

      const [one, two] = [await service.begin(vera.id), await service.begin(vera.id)];

      expect(one.refreshToken).not.to.equal(two.refreshToken);
      expect(one.accessToken).not.to.equal(two.accessToken);
    });

    it('ends the oldest session of a user who has as many as allowed', async () => {
      const [vera, other] = [aUser(), aUser()];
      const { service, sessions } = given(vera, other);
      for (const { id } of [vera, other, vera, vera]) await service.begin(id);

      const standing = [...sessions.values()].map(({ ended }) => !ended);

      expect(standing).to.deep.equal([false, true, true, true]);
    });

    it('throws account_disabled when the user was deactivated meanwhile', async () => {
      const vera = aUser({ isActive: false });
      const { service, sessions } = given(vera);

      expect(await codeOf(() => service.begin(vera.id))).to.equal('account_disabled');
      expect(sessions.size).to.equal(0);
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

    it('gives the same successor to a repeat within the grace period', async () => {
      const vera = aUser();
      const { service, onlySession, warnings } = given(vera);
      const { refreshToken } = await service.begin(vera.id);

      const [one, other] = [await service.refresh(refreshToken), await service.refresh(refreshToken)];

      expect(other.refreshToken).to.equal(one.refreshToken);
      expect(onlySession().ended).to.equal(false);
      expect(warnings).to.deep.equal([]);
    });

    it('gives two requests in one turn of the event loop the same successor', async () => {
      const vera = aUser();
      const { service } = given(vera);
      const { refreshToken } = await service.begin(vera.id);

      const [one, other] = await Promise.all([service.refresh(refreshToken), service.refresh(refreshToken)]);

      expect(other.refreshToken).to.equal(one.refreshToken);
    });

    it('ends the session of a reused token, successor included, and logs it without the token', async () => {
      const vera = aUser();
      const { service, onlySession, warnings } = given(vera);
      const first = await service.begin(vera.id);
      const second = await service.refresh(first.refreshToken);
      const third = await service.refresh(second.refreshToken);

      expect(await codeOf(() => service.refresh(first.refreshToken))).to.equal('refresh_token_reused');

      expect(onlySession().ended).to.equal(true);
      expect(await codeOf(() => service.refresh(third.refreshToken))).to.equal('invalid_refresh_token');
      const { id: session_id, userId: user_id } = onlySession();
      const { requestId: request_id } = aClient();
      expect(warnings).to.deep.equal([{ event: 'refresh_token_reused', session_id, user_id, request_id }]);
    });

    it('treats a repeat after the grace period as reuse', async () => {
      const vera = aUser();
      const { service, onlySession } = given(vera);
      const { refreshToken } = await service.begin(vera.id);
      await service.refresh(refreshToken);
      onlySession().isInGrace = false;

      expect(await codeOf(() => service.refresh(refreshToken))).to.equal('refresh_token_reused');
      expect(onlySession().ended).to.equal(true);
    });

    it('ends no session for a token that only names it', async () => {
      const vera = aUser();
      const { service, onlySession, warnings } = given(vera);
      const first = await service.begin(vera.id);
      await service.refresh((await service.refresh(first.refreshToken)).refreshToken);
      const forged = first.refreshToken.slice(0, -4) + 'AAAA';

      expect(await codeOf(() => service.refresh(forged))).to.equal('invalid_refresh_token');
      expect(onlySession().ended).to.equal(false);
      expect(warnings).to.deep.equal([]);
    });

    it("keeps the user's other sessions on reuse", async () => {
      const vera = aUser();
      const { service } = given(vera);
      const other = await service.begin(vera.id);
      const { refreshToken } = await service.begin(vera.id);
      await service.refresh((await service.refresh(refreshToken)).refreshToken);

      await codeOf(() => service.refresh(refreshToken));

      expect(await service.refresh(other.refreshToken)).to.have.property('refreshToken');
    });

    it('rejects the token of an ended session', async () => {
      const vera = aUser();
      const { service, onlySession } = given(vera);
      const { refreshToken } = await service.begin(vera.id);
      await service.signOut(vera.id, onlySession().id);

      expect(await codeOf(() => service.refresh(refreshToken))).to.equal('invalid_refresh_token');
    });

    it('records the outcome of each refresh', async () => {
      const vera = aUser();
      const { service, outcomes, refreshing } = given(vera);
      const refresh = (token: string) => service.refresh(token).catch(() => undefined);
      const { refreshToken } = await service.begin(vera.id);
      const next = await refresh((await refresh(refreshToken))?.refreshToken ?? '');
      await refresh(refreshToken);
      await refresh(next?.refreshToken ?? '');
      await refresh('lkr_of_nobody');
      refreshing.refreshSessions = async () => {
        throw new Error('the database is away');
      };
      await refresh(refreshToken);

      expect(outcomes).to.deep.equal(['rotated', 'rotated', 'reused', 'expired', 'invalid', 'failed']);
    });
  });

  describe('authenticate', () => {
    it('finds the user of a session', async () => {
      const vera = aUser();
      const { service, onlySession } = given(vera);
      await service.begin(vera.id);
      const sessionId = onlySession().id;

      const principal = await service.authenticate(claimsOf(vera, sessionId));

      expect(principal).to.deep.equal({ kind: 'user', id: vera.id, user: vera, sessionId, authenticatedAt, acr });
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
      const claims = [...sessions].map(([sessionId, { userId }]) => ({
        userId,
        sessionId,
        authenticatedAt,
        amr: ['pwd'],
        acr,
      }));

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
      await service.signOut(vera.id, claims.sessionId);

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
      await service.signOut(vera.id, sessionId);

      expect(await service.authenticate(claimsOf(vera, sessionId))).to.equal(undefined);
      expect(await service.authenticate(claimsOf(vera, randomUUID()))).to.equal(undefined);
    });
  });
});
