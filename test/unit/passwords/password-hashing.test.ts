import { createHmac } from 'node:crypto';
import bcrypt from 'bcrypt';
import { expect } from 'chai';
import { noPassword } from '../../../src/features/users/no-password.ts';
import { createHashing } from '../../../src/features/passwords/password-hashing.ts';
import { codeOf } from '../platform/failures.ts';
import { passwordsAt } from './watched-passwords.ts';
import { processorTime } from '../../support/processor-time.ts';

const passwords = passwordsAt(4);

/** What earlier releases gave to bcrypt: the password as it was typed. */
const condensed = (password: string) => createHmac('sha256', 'latchkey password').update(password).digest('base64');

describe('passwords', () => {
  it('match their hash', async () => {
    const hash = await passwords.hash('seven green kites');

    expect(await passwords.verify('seven green kites', hash)).to.equal('current');
  });

  it('are salted: the same password hashes differently each time', async () => {
    expect(await passwords.hash('seven green kites')).not.to.equal(await passwords.hash('seven green kites'));
  });

  const common = 'x'.repeat(72);
  const different: [string, string, string][] = [
    ['in one letter', 'seven green kites', 'seven green kitez'],
    ['in case', 'seven green kites', 'Seven green kites'],
    ['in a space at the end', 'seven green kites', 'seven green kites '],
    ['only after 72 bytes', `${common}a`, `${common}b`],
    ['only after a NUL', 'seven\0green', 'seven\0kites'],
    ['in a NUL at the end', 'seven green kites', 'seven green kites\0'],
  ];
  for (const [how, one, other] of different) {
    it(`differ ${how}`, async () => {
      const hash = await passwords.hash(one);

      expect(await passwords.verify(one, hash)).to.equal('current');
      expect(await passwords.verify(other, hash)).to.equal(undefined);
    });
  }

  it('never match a missing hash', async () => {
    expect(await passwords.verify('seven green kites', undefined)).to.equal(undefined);
    expect(await passwords.verify('', undefined)).to.equal(undefined);
  });

  for (const [what, given] of [
    ['there is no hash', async () => undefined],
    ['the hash is none', async () => ''],
    ['the user has no password', async () => noPassword],
    ['the hash was made at a lower cost', () => passwordsAt(8).hash('another')],
    ['the hash was made at the lowest cost', () => passwordsAt(4).hash('another')],
  ] as const) {
    it(`take as long to reject where ${what}`, async () => {
      const slow = passwordsAt(10);
      const hash = await given();
      const usual = await slow.hash('another');
      const duration = (asked: string | undefined) =>
        processorTime(async () => expect(await slow.verify('seven green kites', asked)).to.equal(undefined));

      const ratios: number[] = [];
      for (let time = 0; time < 9; time++) ratios.push((await duration(hash)) / (await duration(usual)));

      // Hashing only at cost 8 would take a quarter of the time.
      expect(ratios.sort((one, other) => one - other)[4]).to.be.within(0.5, 2);
    });
  }

  it('are hashed at the configured cost', async () => {
    expect(bcrypt.getRounds(await passwordsAt(5).hash('seven green kites'))).to.equal(5);
  });

  it('have an outdated hash at any other cost, higher or lower', async () => {
    const hash = await passwordsAt(5).hash('seven green kites');

    const verdicts = [4, 5, 6].map((cost) => passwordsAt(cost).verify('seven green kites', hash));

    expect(await Promise.all(verdicts)).to.deep.equal(['outdated', 'current', 'outdated']);
  });

  const [composed, decomposed, wide] = ['zo\u00eb, 7 kites', 'zoe\u0308, 7 kites', 'ｚｏ\u00eb, ７ kites'];

  it('match in any compatible spelling (NIST SP 800-63B-4, section 3.1.1.2)', async () => {
    for (const chosen of [composed, decomposed, wide]) {
      const hash = await passwords.hash(chosen);
      for (const typed of [composed, decomposed, wide]) expect(await passwords.verify(typed, hash)).to.equal('current');
    }
  });

  it('match a hash of the spelling that was typed, which is outdated', async () => {
    const old = await bcrypt.hash(condensed(decomposed), 4);

    expect(await passwords.verify(decomposed, old)).to.equal('outdated');
    expect(await passwords.verify(composed, old)).to.equal(undefined);
    expect(await passwords.verify(`${decomposed}!`, old)).to.equal(undefined);
  });

  it('take as long with any hash or none in a spelling that is not normal, and as long when right', async () => {
    const slow = passwordsAt(10);
    const duration = (hash: string | undefined) => processorTime(() => slow.verify(decomposed, hash));

    for (const hash of [await slow.hash(composed), await bcrypt.hash(condensed(decomposed), 10)]) {
      const ratios: number[] = [];
      for (let time = 0; time < 9; time++) ratios.push((await duration(hash)) / (await duration(undefined)));

      // One hash less would be half.
      expect(ratios.sort((one, other) => one - other)[4]).to.be.within(0.65, 1.5);
    }
  });
});

describe('the hashing queue', () => {
  /** A queue with one hash running and one waiting, so it is full. */
  function given(observed: { refused: number; read?: () => object } = { refused: 0 }) {
    const passwords = createHashing(
      { cost: 10, concurrency: 1, queueMax: 1 },
      {
        hashed: () => {},
        hashingRefused: () => {
          observed.refused++;
        },
        watchHashing: (read) => void (observed.read = read),
      },
    );
    const working = passwords.hash('seven green kites');
    const waiting = passwords.hash('seven green kites');
    return { passwords, observed, done: Promise.all([working, waiting]) };
  }

  it('reports how many are waiting and running', async () => {
    const { observed, done } = given();

    expect(observed.read?.()).to.deep.equal({ depth: 1, running: 1 });
    await done;
    expect(observed.read?.()).to.deep.equal({ depth: 0, running: 0 });
  });

  it('refuses at once when full, and accepts again when there is room', async () => {
    const { passwords, observed, done } = given();

    expect(await codeOf(() => passwords.verify('seven green kites', undefined))).to.equal('service_unavailable');
    expect(() => passwords.refuseWhenFull()).to.throw();
    expect(observed.refused).to.equal(2);
    await done;
    expect(await passwords.verify('seven green kites', undefined)).to.equal(undefined);
  });

  it('skips requests whose client disconnected while waiting', async () => {
    const passwords = createHashing({ cost: 10, concurrency: 1, queueMax: 5 });
    const first = passwords.hash('seven green kites');
    const left = new AbortController();
    const second = codeOf(() => passwords.hash('seven green kites', left.signal));

    left.abort();
    await first;

    expect(await second).to.equal('service_unavailable');
  });
});
