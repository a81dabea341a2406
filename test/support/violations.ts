/** The violations of a rejected request, and how their messages must read. */
import { expect } from 'chai';
import { useApp, type TestApp } from './app.ts';
import type { Answer } from './client.ts';
import { newPerson, registration } from './people.ts';
import { expectProblem } from './problems.ts';

export type Violation = Record<'pointer' | 'message' | 'rule', string>;

/** The violations of a rejected request; their messages must not expose validator jargon. */
export function violationsOf(answer: Answer): Violation[] {
  expectProblem(answer, 400, 'validation_failed');
  const errors = answer.body.errors as Violation[];
  for (const { message } of errors) {
    expect(message).not.to.match(/must match|must NOT|pattern|format "|[\^\\]|undefined/);
    expect(message, 'must read on after the name of the field').to.match(/^(must|is|has|belongs|contains|cannot) /);
  }
  const pointers = errors.map(({ pointer }) => pointer);
  expect(pointers, 'must be one per place').to.deep.equal([...new Set(pointers)]);
  return errors;
}

export interface Requests {
  readonly app: TestApp;
  /** Registers a new person with some fields changed. */
  readonly register: (changes: object) => Promise<Answer>;
  /** Lists users as an admin. */
  readonly list: (query: string) => Promise<Answer>;
  /** Changes a user as an admin. */
  readonly change: (id: string, json: unknown) => Promise<Answer>;
}

/** A server for the suite, and requests that may be invalid. */
export function useRequests(): Requests {
  const app = useApp();
  let token = '';
  before('sign an admin in', async () => {
    token = (await app.signIn('admin')).accessToken;
  });
  return {
    app,
    register: (changes) => app.send('post', '/auth/register', { json: { ...registration(newPerson()), ...changes } }),
    list: (query) => app.send('get', `/users?${query}`, { token }),
    change: (id, json) => app.send('patch', `/users/${id}`, { token, json }),
  };
}
