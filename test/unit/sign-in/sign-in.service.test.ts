import { expect } from 'chai';
import type { AuditEvent } from '../../../src/features/audit/audit-event.ts';
import { createAdmissionService } from '../../../src/features/sign-in/admission.service.ts';
import { createLoginCounter, type LoginOutcome } from '../../../src/features/sign-in/login-outcomes.ts';
import { createSignInService } from '../../../src/features/sign-in/sign-in.service.ts';
import { createDeviceTokens } from '../../../src/features/sign-in/device-tokens.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';
import { ServiceError } from '../../../src/platform/errors.ts';
import type { User } from '../../../src/access/user.ts';
import { aClient } from '../../support/a-client.ts';
import { aUser } from '../access/a-user.ts';
import { codeOf } from '../platform/failures.ts';
import { passwordsAt, watchedPasswords } from '../passwords/watched-passwords.ts';
import { database, requireTransaction } from '../platform/stub-database.ts';

const password = 'seven green kites';
const wrong = 'seven green boats';

interface Given {
  readonly cost?: number;
  /** How many attempts are allowed; after them, each is refused with `refusal`. */
  readonly attemptsLeft?: number;
  readonly refusal?: 'rate_limited' | 'password_reset_required';
}

/** The service with one user, whose password was hashed at a given cost. */
async function given(user: User, { cost = 4, attemptsLeft = Infinity, refusal = 'rate_limited' }: Given = {}) {
  const hash = await passwordsAt(cost).hash(password);
  let currentHash = hash;
  const begun: string[] = [];
  // Addresses of attempts that began and had no right password.
  const counted: string[] = [];
  const outcomes: LoginOutcome[] = [];
  const events: AuditEvent[] = [];
  const watched = watchedPasswords();
  const devices = createDeviceTokens(deriveKeys(['a signing secret for tests only 0123456789']).ring('devices'));
  const admission = createAdmissionService({
    database,
    audit: {
      record: async (_db, event) => void events.push(event),
      hasLatelySignedIn: () => Promise.resolve(false),
    },
    sessions: {
      async begin(db, { user: { id: userId } }, _client, methods) {
        requireTransaction(db);
        begun.push(userId);
        expect(methods).to.deep.equal(['password']);
        const tokens = { accessToken: 'access', refreshToken: 'refresh', expiresIn: 900, sessionExpiresAt: new Date() };
        return { sessionId: 'session', ...tokens };
      },
      reauthenticate: () => Promise.reject(new Error('nobody is signed in')),
    },
    challenges: { issue: async () => undefined },
    devices,
    jobs: { enqueue: async () => 'job' },
    requireVerifiedEmail: false,
  });
  const real = createSignInService({
    admission,
    users: {
      findByEmail: async (email) =>
        email === user.email ? { user, passwordHash: currentHash, credentialsVersion: 1 } : undefined,
      async renewPasswordHash(_id, _oldHash, newHash) {
        currentHash = newHash;
      },
    },
    passwords: watched.passwords,
    devices,
    guessing: {
      async check({ email }, verify) {
        if (counted.length >= attemptsLeft) throw new ServiceError(refusal);
        counted.push(email);
        const isRight = await verify();
        if (isRight) counted.splice(counted.lastIndexOf(email), 1);
        return isRight;
      },
    },
    count: createLoginCounter((outcome) => void outcomes.push(outcome)),
  });
  type Credentials = Parameters<typeof real.login>[0];
  const login = (input: Credentials, signal?: AbortSignal) => real.login(input, aClient(), signal);
  const admitRegistrant = (input: Credentials) => real.admitRegistrant(input, aClient());
  const service = { ...real, login, admitRegistrant };
  return { ...watched, service, counted, outcomes, events, begun, hash, currentHash: () => currentHash };
}

describe('sign-in service, login', () => {
  it('begins a session with the right password', async () => {
    const vera = aUser({ email: 'vera@example.com' });
    const { service, begun } = await given(vera);

    const tokens = await service.login({ email: 'vera@example.com', password });

    expect(tokens).to.include({ accessToken: 'access', refreshToken: 'refresh', expiresIn: 900 });
    expect(begun).to.deep.equal([vera.id]);
  });

  it('accepts any spelling of the address', async () => {
    const vera = aUser({ email: 'vera@example.com' });
    const { service, begun } = await given(vera);

    await service.login({ email: ' VERA@Example.com ', password });

    expect(begun).to.deep.equal([vera.id]);
  });

  it('rejects a wrong password', async () => {
    const { service, begun } = await given(aUser({ email: 'vera@example.com' }));

    expect(await codeOf(() => service.login({ email: 'vera@example.com', password: wrong }))).to.equal(
      'invalid_credentials',
    );
    expect(begun).to.deep.equal([]);
  });

  it('counts failed attempts by address, known or not', async () => {
    const { service, counted } = await given(aUser({ email: 'vera@example.com' }));

    await codeOf(() => service.login({ email: 'Vera@Example.com', password: wrong }));
    await codeOf(() => service.login({ email: 'nobody@example.com', password }));
    await service.login({ email: 'VERA@example.com', password });

    expect(counted).to.deep.equal(['vera@example.com', 'nobody@example.com']);
  });

  it('counts an attempt while its password is checked, so that a burst is limited too', async () => {
    const { service, counted, passwords } = await given(aUser({ email: 'vera@example.com' }));
    const verify = passwords.verify.bind(passwords);
    const during: number[] = [];
    passwords.verify = (...parts) => {
      during.push(counted.length);
      return verify(...parts);
    };

    await service.login({ email: 'vera@example.com', password });

    expect(during).to.deep.equal([1]);
    expect(counted).to.deep.equal([]);
  });

  it('rejects an unknown address in the same way', async () => {
    const { service, begun } = await given(aUser());

    expect(await codeOf(() => service.login({ email: 'unknown@example.com', password }))).to.equal(
      'invalid_credentials',
    );
    expect(begun).to.deep.equal([]);
  });

  it('hashes once for unknown addresses too', async () => {
    const { service, verified, hash } = await given(aUser({ email: 'vera@example.com' }));

    await codeOf(() => service.login({ email: 'vera@example.com', password: wrong }));
    await codeOf(() => service.login({ email: 'unknown@example.com', password: wrong }));

    expect(verified).to.deep.equal([
      { password: wrong, hash },
      { password: wrong, hash: undefined },
    ]);
  });

  it('leaves the same event for an unknown address as for a wrong password, but for the user', async () => {
    const vera = aUser({ email: 'vera@example.com' });
    const { service, events } = await given(vera);

    await codeOf(() => service.login({ email: 'vera@example.com', password: wrong }));
    await codeOf(() => service.login({ email: 'unknown@example.com', password: wrong }));

    expect(events.map(({ userId }) => userId)).to.deep.equal([vera.id, undefined]);
    expect({ ...events[0], userId: undefined }).to.deep.equal(events[1]);
  });

  it('reveals a disabled account only to the right password', async () => {
    const { service, begun } = await given(aUser({ email: 'vera@example.com', isActive: false }));

    expect(await codeOf(() => service.login({ email: 'vera@example.com', password }))).to.equal('account_disabled');
    expect(begun).to.deep.equal([]);
  });

  it('hides a disabled account from wrong passwords', async () => {
    const { service } = await given(aUser({ email: 'vera@example.com', isActive: false }));

    expect(await codeOf(() => service.login({ email: 'vera@example.com', password: wrong }))).to.equal(
      'invalid_credentials',
    );
  });

  describe('with a hash of another cost', () => {
    it('rehashes on the right password', async () => {
      const { service, passwords, hash, currentHash } = await given(aUser({ email: 'vera@example.com' }), { cost: 5 });

      await service.login({ email: 'vera@example.com', password });

      expect(currentHash()).not.to.equal(hash);
      expect(await passwords.verify(password, currentHash())).to.equal('current');
    });

    it('keeps the hash on a wrong password', async () => {
      const { service, hash, currentHash } = await given(aUser({ email: 'vera@example.com' }), { cost: 5 });

      await codeOf(() => service.login({ email: 'vera@example.com', password: wrong }));

      expect(currentHash()).to.equal(hash);
    });
  });

  it('keeps a hash of the same cost', async () => {
    const { service, hashed, hash, currentHash } = await given(aUser({ email: 'vera@example.com' }));

    await service.login({ email: 'vera@example.com', password });

    expect(currentHash()).to.equal(hash);
    expect(hashed).to.deep.equal([]);
  });

  it('records the outcome of each login', async () => {
    const vera = aUser({ email: 'vera@example.com' });
    const { service, outcomes } = await given(vera);
    await service.login({ email: 'vera@example.com', password });
    await codeOf(() => service.login({ email: 'vera@example.com', password: wrong }));
    const disabled = await given(aUser({ email: 'vera@example.com', isActive: false }));
    await codeOf(() => disabled.service.login({ email: 'vera@example.com', password }));

    expect([...outcomes, ...disabled.outcomes]).to.deep.equal(['success', 'invalid_credentials', 'account_disabled']);
  });

  it('records server faults as failed', async () => {
    const { service, outcomes, passwords } = await given(aUser({ email: 'vera@example.com' }));
    passwords.verify = async () => {
      throw new ServiceError('service_unavailable');
    };

    expect(await codeOf(() => service.login({ email: 'vera@example.com', password }))).to.equal('service_unavailable');
    expect(outcomes).to.deep.equal(['failed']);
  });

  it('does no work when the queue is full', async () => {
    const { service, counted, verified, passwords } = await given(aUser({ email: 'vera@example.com' }));
    passwords.refuseWhenFull = () => {
      throw new ServiceError('service_unavailable');
    };

    expect(await codeOf(() => service.login({ email: 'vera@example.com', password }))).to.equal('service_unavailable');
    expect(counted).to.deep.equal([]);
    expect(verified).to.deep.equal([]);
  });
});

describe('sign-in service, repeated registration', () => {
  const email = 'vera@example.com';

  it('is admitted by the right password, even of a deactivated user', async () => {
    for (const user of [aUser({ email }), aUser({ email, isActive: false })]) {
      const { service, counted, begun } = await given(user);

      await service.admitRegistrant({ email, password });

      expect(counted).to.deep.equal([]);
      expect(begun).to.deep.equal([]);
    }
  });

  it('is answered email_taken on a wrong password or unknown address', async () => {
    const { service } = await given(aUser({ email }));

    expect(await codeOf(() => service.admitRegistrant({ email, password: wrong }))).to.equal('email_taken');
    expect(await codeOf(() => service.admitRegistrant({ email: 'unknown@example.com', password }))).to.equal(
      'email_taken',
    );
  });

  it('costs exactly one hash, whatever the outcome', async () => {
    const known = await given(aUser({ email }));
    const limited = await given(aUser({ email }), { attemptsLeft: 0 });
    const exhausted = await given(aUser({ email }), { attemptsLeft: 0, refusal: 'password_reset_required' });
    await known.service.admitRegistrant({ email, password });
    await codeOf(() => known.service.admitRegistrant({ email, password: wrong }));
    await codeOf(() => limited.service.admitRegistrant({ email, password: wrong }));
    await codeOf(() => exhausted.service.admitRegistrant({ email, password: wrong }));

    expect([...known.verified, ...limited.verified, ...exhausted.verified]).to.deep.equal([
      { password, hash: known.hash },
      { password: wrong, hash: known.hash },
      { password: wrong, hash: undefined },
      { password: wrong, hash: undefined },
    ]);
  });

  it('counts wrong passwords as failed logins, and refuses even the right one beyond the limit', async () => {
    const { service, counted } = await given(aUser({ email }), { attemptsLeft: 1 });

    const codes = [];
    for (const guess of [wrong, password]) {
      codes.push(await codeOf(() => service.admitRegistrant({ email, password: guess })));
    }

    expect(codes).to.deep.equal(['email_taken', 'email_taken']);
    expect(counted).to.deep.equal([email]);
  });

  it('passes on server faults', async () => {
    const { service, passwords } = await given(aUser({ email }));
    passwords.verify = async () => {
      throw new ServiceError('service_unavailable');
    };

    expect(await codeOf(() => service.admitRegistrant({ email, password }))).to.equal('service_unavailable');
  });
});
