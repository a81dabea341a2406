import bcrypt from 'bcrypt';
import { expect } from 'chai';
import { createPasswords } from '../../src/crypto/passwords.ts';

const passwords = createPasswords(4);

describe('passwords', () => {
  it('match their hash', async () => {
    const hash = await passwords.hash('seven green kites');

    expect(await passwords.verify('seven green kites', hash)).to.equal(true);
  });

  it('have another hash each time', async () => {
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
    ['in the form of Unicode', 'zo\u00eb zo\u00eb', 'zoe\u0308 zoe\u0308'],
  ];
  for (const [how, one, other] of different) {
    it(`differ ${how}`, async () => {
      const hash = await passwords.hash(one);

      expect(await passwords.verify(one, hash)).to.equal(true);
      expect(await passwords.verify(other, hash)).to.equal(false);
    });
  }

  it('never match where there is no hash', async () => {
    expect(await passwords.verify('seven green kites', undefined)).to.equal(false);
    expect(await passwords.verify('', undefined)).to.equal(false);
  });

  it('are verified at the full cost where there is no hash', async () => {
    const slow = createPasswords(10);
    const duration = async (hash: string | undefined) => {
      const started = performance.now();
      await slow.verify('seven green kites', hash);
      return performance.now() - started;
    };

    const cheap = await passwords.hash('other');
    const missing = await duration(undefined);
    const atLowestCost = Math.min(await duration(cheap), await duration(cheap), await duration(cheap));

    // Cost 10 is 64 times the work of cost 4.
    expect(missing).to.be.above(atLowestCost * 5);
  });

  it('are hashed at the cost that is asked for', async () => {
    expect(bcrypt.getRounds(await createPasswords(5).hash('seven green kites'))).to.equal(5);
  });

  it('have an outdated hash when it was made at another cost, higher or lower', async () => {
    const hash = await createPasswords(5).hash('seven green kites');

    expect([4, 5, 6].map((cost) => createPasswords(cost).isOutdated(hash))).to.deep.equal([true, false, true]);
  });
});
