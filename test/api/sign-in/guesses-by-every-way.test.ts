/** No operation that checks a password is a way around the limit of another. */
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import type { OperationId } from '../../../src/http/operation.ts';
import { useApp, type SignedIn } from '../../support/app.ts';
import type { Answer } from '../../support/client.ts';
import { newPerson, registration, type Person } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';
import { bodyFields, withBody } from '../../contract/requests.ts';

/** They take a password that somebody chooses, and compare it with none. */
const choosing: readonly OperationId[] = ['createUser', 'resetPassword'];

/** How many wrong passwords are free. */
const free = 5;

describe('wrong passwords', () => {
  const app = useApp();
  interface Registered extends Person {
    readonly key: string;
  }
  const register = ({ key, ...person }: Registered) =>
    app.send('post', '/auth/register', { json: registration(person), headers: { 'Idempotency-Key': key } });

  /** Tries a password of somebody who registered under a key. */
  const ways: Partial<Record<OperationId, (person: Registered) => Promise<Answer>>> = {
    login: ({ email, password }) => app.send('post', '/auth/login', { json: { email, password } }),
    registerUser: register,
  };

  /** The same by somebody who holds a session, whose failures are counted by that, apart from those of strangers. */
  const waysOfHolders: Partial<Record<OperationId, (person: SignedIn) => Promise<Answer>>> = {
    reauthenticate: ({ accessToken: token, password }) =>
      app.send('post', '/auth/reauthenticate', { token, json: { password } }),
    changePassword: ({ accessToken: token, password }) =>
      app.send('post', '/auth/password', {
        token,
        json: { current_password: password, new_password: 'amber compass' },
      }),
  };

  async function someone(): Promise<Registered> {
    const person = { ...newPerson(), key: randomUUID() };
    expect((await register(person)).status).to.equal(201);
    return person;
  }

  it('are taken by no other operation', () => {
    const taking = withBody.filter((operation) => Object.keys(bodyFields(operation)).some(isPassword));

    expect(taking.map(({ id }) => id)).to.have.members([...Object.keys({ ...ways, ...waysOfHolders }), ...choosing]);
  });

  for (const [guessed, guess] of Object.entries(ways)) {
    for (const [other, enter] of Object.entries(ways)) {
      it(`at ${guessed} count at ${other}, though each was refused`, async () => {
        const person = await someone();
        const answers: number[] = [];
        for (let count = 0; count < free; count += 1) {
          answers.push((await guess({ ...person, password: `amber compass ${count}` })).status);
        }

        const right = await enter(person);

        expect(new Set(answers)).to.deep.equal(new Set([guessed === 'login' ? 401 : 409]));
        if (other === 'registerUser') expectProblem(right, 409, 'email_taken');
        else expectProblem(right, 429, 'rate_limited');
      });
    }
  }

  for (const [guessed, guess] of Object.entries(waysOfHolders)) {
    for (const [other, enter] of Object.entries(waysOfHolders)) {
      it(`by the holder of a session at ${guessed} count at ${other}`, async () => {
        const person = await app.signIn();
        for (let count = 0; count < free; count += 1) await guess({ ...person, password: `amber compass ${count}` });

        expectProblem(await enter(person), 429, 'rate_limited');
      });
    }
  }
});

const isPassword = (field: string) => field.includes('password');
