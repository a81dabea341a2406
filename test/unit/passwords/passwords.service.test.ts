import { expect } from 'chai';
import { createHashing } from '../../../src/features/passwords/password-hashing.ts';
import { createPasswordsService } from '../../../src/features/passwords/passwords.service.ts';
import { codeOf } from '../platform/failures.ts';

const owner = { email: 'ada@example.com', fullName: 'Ada Lovelace' };

describe('a chosen password', () => {
  it('is not searched for in breaches while the hashing queue is full', async () => {
    const searched: string[] = [];
    const isBreached = async (password: string) => searched.push(password) < 0;
    const hashing = createHashing({ cost: 4, concurrency: 1, queueMax: 0 });
    const passwords = createPasswordsService({ hashing, policy: () => [], isBreached });
    const running = passwords.hash('seven green kites');

    const code = await codeOf(() => passwords.hashChosen('amber compass 4711', owner));

    expect([code, searched]).to.deep.equal(['service_unavailable', []]);
    await running;
  });
});
