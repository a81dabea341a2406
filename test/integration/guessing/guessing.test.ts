/** How failures at an account are counted, on a real database. */
import { expect } from 'chai';
import { ServiceError } from '../../../src/platform/errors.ts';
import { useApp, useSecondApp, type TestApp } from '../../support/app.ts';
import { newPerson } from '../../support/people.ts';
import { together } from '../factories.ts';

const home = '192.0.2.1';
const elsewhere = '198.51.100.7';

describe('guessing', () => {
  const app = useApp();
  const other = useSecondApp(app);
  let email: string;

  beforeEach('choose an address of nobody', () => {
    email = newPerson().email;
  });

  interface From {
    readonly address?: string;
    readonly device?: string;
    readonly through?: TestApp;
  }
  const attempt = (isRight: boolean, { address = home, device, through = app }: From = {}) =>
    through.context.features.guessing.service.check(
      { email, userId: undefined, client: { address }, device },
      async () => isRight,
    );
  const guess = (from?: From) => attempt(false, from);
  const fail = async (count: number, from?: From) => {
    for (let made = 0; made < count; made++) expect(await guess(from)).to.equal(false);
  };
  /** The seconds that the next guess is refused for, 0 if it is not, or that the password must be reset. */
  async function refusalOf(attempted: Promise<unknown>): Promise<number | string> {
    try {
      await attempted;
      return 0;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return error.code === 'rate_limited' ? (error.retryAfterSeconds ?? NaN) : error.code;
    }
  }
  /** Lets time go by for all counts. */
  const wait = (seconds: number) =>
    app.context.database.pool.raw(
      `update guess_counts set retry_at = retry_at - :seconds * interval '1 second', expires_at = expires_at - :seconds * interval '1 second'`,
      { seconds },
    );
  const failAfterPauses = async (count: number, from?: From) => {
    for (let made = 0; made < count; made++) {
      await guess(from);
      await wait(900);
    }
  };
  const strangers = (index: number): From => ({ address: `203.0.113.${index}` });

  describe('from one network', () => {
    it('is free four times, then delayed longer each time, up to a quarter of an hour', async () => {
      await fail(4);

      const delays = [];
      for (let made = 0; made < 9; made++) {
        await guess();
        const delay = await refusalOf(guess());
        delays.push(delay);
        await wait(Number(delay));
      }

      expect(delays).to.deep.equal([15, 30, 60, 120, 240, 480, 900, 900, 900]);
    });

    it('admits no more simultaneous guesses, through two processes, than are free', async () => {
      let checked = 0;
      const work = Array.from({ length: 50 }, (_, index) => {
        const { service } = (index % 2 ? app : other).context.features.guessing;
        return () =>
          service.check({ email, userId: undefined, client: { address: home } }, async () => {
            checked += 1;
            await new Promise((resolve) => setImmediate(resolve));
            return false;
          });
      });

      const { given, thrown } = await together(work);

      expect([checked, given.length, thrown.length]).to.deep.equal([5, 5, 45]);
      for (const error of thrown) expect(error).to.include({ code: 'rate_limited', retryAfterSeconds: 15 });
    });

    it('is remembered by another process, and so after a restart', async () => {
      await fail(5);

      expect(await refusalOf(guess({ through: other }))).to.equal(15);
    });

    it('treats an IPv6 /64 as one client', async () => {
      for (let host = 1; host <= 5; host++) await guess({ address: `2001:db8:1:1::${host}` });

      expect(await refusalOf(guess({ address: '2001:db8:1:1:ffff::9' }))).to.equal(15);
      expect(await refusalOf(guess({ address: '2001:db8:1:2::1' }))).to.equal(0);
    });

    it('is forgotten after as many hours as there were failures', async () => {
      await fail(5);

      await wait(5 * 3600);

      await fail(4);
      expect(await refusalOf(guess())).to.equal(0);
    });

    it('delays nobody on another network, and at no other account', async () => {
      await fail(5);

      expect(await refusalOf(guess({ address: elsewhere }))).to.equal(0);
      email = newPerson().email;
      expect(await refusalOf(guess())).to.equal(0);
    });
  });

  describe('from a known device', () => {
    it('is not delayed by strangers, not even on the same network', async () => {
      await fail(5);
      for (let index = 0; index < 95; index++) await guess(strangers(index));

      expect(await refusalOf(guess({ device: 'a phone' }))).to.equal(0);
    });

    it('has a count of its own', async () => {
      await fail(5, { device: 'a phone' });

      expect(await refusalOf(guess({ device: 'a phone', address: elsewhere }))).to.equal(15);
      expect(await refusalOf(guess({ device: 'a tablet' }))).to.equal(0);
      expect(await refusalOf(guess())).to.equal(0);
    });

    it('counts as unknown as well after a hundred failures', async () => {
      await failAfterPauses(100, { device: 'stolen' });
      await fail(5);

      expect(await refusalOf(guess({ device: 'stolen' }))).to.equal(15);
    });
  });

  describe('a hundred times in a row from unknown devices', () => {
    it('asks for a reset, whatever the password, and wherever it is tried', async () => {
      for (let index = 0; index < 100; index++) await guess(strangers(index));

      expect(await refusalOf(attempt(true))).to.equal('password_reset_required');
      expect(await refusalOf(guess(strangers(1)))).to.equal('password_reset_required');
    });

    it('checks no more than a hundred, even if the last ones are simultaneous', async () => {
      for (let index = 0; index < 90; index++) await guess(strangers(index));

      const { given } = await together(Array.from({ length: 40 }, (_, index) => () => guess(strangers(100 + index))));

      expect(given).to.have.length(10);
    });

    it('starts anew after a success in between', async () => {
      for (let index = 0; index < 99; index++) await guess(strangers(index));
      await attempt(true, strangers(200));
      for (let index = 0; index < 99; index++) await guess(strangers(index));

      expect(await refusalOf(attempt(true, strangers(201)))).to.equal(0);
    });

    it('ends with a success from a known device', async () => {
      for (let index = 0; index < 100; index++) await guess(strangers(index));

      await attempt(true, { device: 'a phone' });

      expect(await refusalOf(guess(strangers(101)))).to.equal(0);
    });

    it('ends with a reset of the password, together with all delays', async () => {
      for (let index = 0; index < 95; index++) await guess(strangers(index));
      await fail(5);
      expect(await refusalOf(guess())).to.equal('password_reset_required');

      const { guessing } = app.context.features;
      await app.context.database.transaction((db) => guessing.service.clear(db, email));

      expect(await refusalOf(guess())).to.equal(0);
    });

    it('ends by itself after a hundred days', async () => {
      for (let index = 0; index < 100; index++) await guess(strangers(index));

      await wait(100 * 86_400);

      expect(await refusalOf(guess())).to.equal(0);
    });
  });

  describe('a right password', () => {
    it('resets the count of its network', async () => {
      await fail(4);
      await attempt(true);
      await fail(4);

      expect(await refusalOf(guess())).to.equal(0);
    });

    it('is refused during a delay', async () => {
      await fail(5);

      expect(await refusalOf(attempt(true))).to.equal(15);
    });
  });

  describe('an attempt that could not be checked', () => {
    it('does not count, from anywhere', async () => {
      for (const from of [{}, { device: 'a phone' }]) {
        for (let made = 0; made < 20; made++) await failToCheck(from);
        await fail(4, from);

        expect(await refusalOf(guess(from))).to.equal(0);
      }
    });

    it('does not end a delay that began meanwhile', async () => {
      await fail(3);
      const [begun, end] = [signal(), signal()];
      const unchecked = failToCheck({}, async () => {
        begun.give();
        await end.given;
      });
      await begun.given;
      await fail(1);
      end.give();
      await unchecked;

      expect(await refusalOf(guess())).to.equal(15);
    });

    async function failToCheck({ address = home, device }: From, meanwhile = async () => {}): Promise<void> {
      const verify = async (): Promise<boolean> => {
        await meanwhile();
        throw new Error('overloaded');
      };
      const checked = app.context.features.guessing.service.check(
        { email, userId: undefined, client: { address }, device },
        verify,
      );
      expect(await checked.catch((error: unknown) => error)).to.include({ message: 'overloaded' });
    }

    function signal() {
      let give = () => {};
      const given = new Promise<void>((resolve) => (give = resolve));
      return { given, give };
    }
  });

  it('stores no address, neither of people nor of networks', async () => {
    await fail(1);

    const rows = JSON.stringify(await app.context.database.pool('guess_counts'));

    expect(rows).not.to.include(Buffer.from(email).toJSON().data.join());
    expect(rows).not.to.include(Buffer.from(home).toJSON().data.join());
  });

  it('leaves no row behind once it is forgotten', async () => {
    await fail(5);
    for (let index = 0; index < 40; index++) await guess(strangers(index));
    await wait(1000 * 86_400);

    const [expiry] = app.context.features.guessing.expiry;
    while ((await expiry!.deleteSome(app.context.database.pool, 20)) > 0);

    expect(await app.context.database.pool('guess_counts')).to.deep.equal([]);
  });
});
