/** A small model of Latchkey: its accounts and sessions, and the expected answer to each step. */
import { expect } from 'chai';
import { holdsRole, type Role } from '../../src/access/user.ts';
import { sessionOf } from '../support/access-tokens.ts';
import type { TestApp } from '../support/app.ts';
import type { Answer, Call, Method } from '../support/client.ts';
import { newPerson, registration, type Person } from '../support/people.ts';
import type { Step } from './steps.ts';

interface Account extends Person {
  readonly id: string;
  role: Role;
  isActive: boolean;
  isDeleted: boolean;
}

interface Session {
  readonly id: string;
  readonly account: Account;
  readonly accessToken: string;
  refreshToken: string;
  /** The refresh tokens that were exchanged, the latest at the end: that one may be repeated, earlier ones were stolen. */
  readonly usedTokens: string[];
  hasEnded: boolean;
}

export interface World {
  readonly app: TestApp;
  readonly accounts: Account[];
  readonly sessions: Session[];
  /** Failed logins in a row, by address. */
  readonly failures: Map<string, number>;
}

/** A service with one signed-in person of each role and nobody else. */
export async function beginWorld(app: TestApp): Promise<World> {
  await app.context.database.pool('users').del();
  await app.context.database.pool('guess_counts').del();
  const world: World = { app, accounts: [], sessions: [], failures: new Map() };
  for (const role of ['admin', 'moderator', 'user'] as const) {
    const person = await app.signIn(role);
    const account = { ...person, role, isActive: true, isDeleted: false };
    world.accounts.push(account);
    world.sessions.push(newSession(account, person));
  }
  return world;
}

function newSession(account: Account, tokens: Pick<Session, 'accessToken' | 'refreshToken'>): Session {
  const { accessToken, refreshToken } = tokens;
  return { id: sessionOf(accessToken), account, accessToken, refreshToken, usedTokens: [], hasEnded: false };
}

/** The request of a step. */
export function request(world: World, step: Step): [Method, string, Call] {
  switch (step.does) {
    case 'register':
      return ['post', '/auth/register', { json: registration(newPerson({ email: step.email })) }];
    case 'login': {
      const { email, password } = pick(world.accounts, step.whom);
      return ['post', '/auth/login', { json: { email, password: step.rightPassword ? password : `not ${password}` } }];
    }
    case 'refresh': {
      const { refreshToken, usedTokens } = pick(world.sessions, step.actor);
      const token = step.withUsedToken ? (usedTokens[0] ?? refreshToken) : refreshToken;
      return ['post', '/auth/refresh', { json: { refresh_token: token } }];
    }
    default:
  }
  const token = pick(world.sessions, step.actor).accessToken;
  switch (step.does) {
    case 'logout':
      return ['post', '/auth/logout', { token }];
    case 'readMe':
      return ['get', '/auth/me', { token }];
    case 'removeMe':
      return ['delete', '/auth/me', { token }];
    case 'list':
      return ['get', '/users', { token, query: { limit: 100 } }];
    case 'listSessions':
      return ['get', '/auth/sessions', { token }];
    case 'endSession':
      return ['delete', `/auth/sessions/${pick(world.sessions, step.which).id}`, { token }];
    case 'endOthers':
      return ['delete', '/auth/sessions', { token }];
    case 'create':
      return [
        'post',
        '/users',
        { token, json: { ...registration(newPerson({ email: step.email })), role: step.role } },
      ];
    default:
  }
  const path = `/users/${pick(world.accounts, step.whom).id}`;
  switch (step.does) {
    case 'update':
      return ['patch', path, { token, json: step.changes }];
    case 'read':
      return ['get', path, { token }];
    case 'remove':
      return ['delete', path, { token }];
    case 'restore':
      return ['post', `${path}/restore`, { token }];
    case 'endSessions':
      return ['delete', `${path}/sessions`, { token }];
  }
}

/** Takes a step, compares the answer with the model's, and updates the model. */
export async function take(world: World, step: Step): Promise<void> {
  const [method, path, call] = request(world, step);
  const answer = await world.app.send(method, path, call);
  const expected = foresee(world, step);
  expect(`${answer.status} ${answer.body?.code ?? ''}`.trim(), JSON.stringify(step)).to.equal(expected);
  if (step.does === 'login') countFailure(world, pick(world.accounts, step.whom), answer.status);
  if (answer.status < 400) follow(world, step, call, answer);
  else if (step.does === 'refresh') pick(world.sessions, step.actor).hasEnded = true;
}

function countFailure({ failures }: World, account: Account, status: number): void {
  const email = account.email.toLowerCase();
  if (status === 401) failures.set(email, (failures.get(email) ?? 0) + 1);
  else if (status !== 429) failures.delete(email);
}

export function standing({ accounts }: World): Account[] {
  return accounts.filter(({ isDeleted }) => !isDeleted);
}

/** The answer that the model expects: a status, and the code of a problem. */
function foresee(world: World, step: Step): string {
  switch (step.does) {
    case 'register':
      return isTaken(world, step.email) ? '409 email_taken' : '201';
    case 'login': {
      const account = pick(world.accounts, step.whom);
      if ((world.failures.get(account.email.toLowerCase()) ?? 0) >= 5) return '429 rate_limited';
      // Somebody else may have a deleted person's address by now, with another password.
      if (account.isDeleted || !step.rightPassword) return '401 invalid_credentials';
      return account.isActive ? '200' : '403 account_disabled';
    }
    case 'refresh': {
      const session = pick(world.sessions, step.actor);
      if (!isAlive(session)) return '401 invalid_refresh_token';
      return step.withUsedToken && session.usedTokens.length > 1 ? '401 refresh_token_reused' : '200';
    }
    default:
  }
  const session = pick(world.sessions, step.actor);
  if (!isAlive(session)) return '401 invalid_token';
  const is = (least: Role) => holdsRole(session.account.role, least);
  switch (step.does) {
    case 'logout':
    case 'endOthers':
      return '204';
    case 'readMe':
    case 'listSessions':
      return '200';
    case 'removeMe':
      return isLastAdmin(world, session.account) ? '409 last_admin' : '204';
    case 'endSession':
      return ownSessions(world, session.account).includes(pick(world.sessions, step.which)) ? '204' : '404 not_found';
    case 'list':
      return is('moderator') ? '200' : '403 forbidden';
    case 'create':
      if (!is('admin')) return '403 forbidden';
      return isTaken(world, step.email) ? '409 email_taken' : '201';
    default:
  }
  const account = pick(world.accounts, step.whom);
  const found = account.isDeleted ? '404 not_found' : undefined;
  switch (step.does) {
    case 'read':
      return is('moderator') || session.account === account ? (found ?? '200') : '403 forbidden';
    case 'update': {
      const { role = account.role, is_active: isActive = account.isActive } = step.changes;
      if (!is('admin')) return '403 forbidden';
      return found ?? (isLastAdmin(world, account) && !(role === 'admin' && isActive) ? '409 last_admin' : '200');
    }
    case 'remove':
      if (!is('admin')) return '403 forbidden';
      return found ?? (isLastAdmin(world, account) ? '409 last_admin' : '204');
    case 'restore':
      if (!is('admin')) return '403 forbidden';
      if (!found) return '404 not_found';
      return isTaken(world, account.email) ? '409 email_taken' : '200';
    case 'endSessions':
      return is('admin') ? (found ?? '204') : '403 forbidden';
  }
}

function follow(world: World, step: Step, { json }: Call, { body }: Answer): void {
  const { accounts, sessions } = world;
  switch (step.does) {
    case 'register':
    case 'create': {
      const { email, password, full_name: fullName } = json as ReturnType<typeof registration>;
      accounts.push({ id: body.id, email, password, fullName, role: body.role, isActive: true, isDeleted: false });
      expect(body.role).to.equal(step.does === 'create' ? step.role : 'user');
      return;
    }
    case 'login': {
      const tokens = { accessToken: body.access_token, refreshToken: body.refresh_token };
      sessions.push(newSession(pick(accounts, step.whom), tokens));
      return;
    }
    case 'refresh': {
      const session = pick(sessions, step.actor);
      if (step.withUsedToken && session.usedTokens.length > 0) {
        expect(body.refresh_token).to.equal(session.refreshToken);
        return;
      }
      session.usedTokens.push(session.refreshToken);
      session.refreshToken = body.refresh_token;
      return;
    }
    case 'logout':
      pick(sessions, step.actor).hasEnded = true;
      return;
    case 'removeMe':
      remove(world, pick(sessions, step.actor).account);
      return;
    case 'listSessions': {
      const ids = ownSessions(world, pick(sessions, step.actor).account).map(({ id }) => id);
      expect((body.items as { id: string }[]).map(({ id }) => id)).to.have.members(ids);
      return;
    }
    case 'endSession':
      pick(sessions, step.which).hasEnded = true;
      return;
    case 'endOthers': {
      const { account, id } = pick(sessions, step.actor);
      endSessions(world, account, id);
      return;
    }
    case 'readMe':
      expectAccount(body, pick(sessions, step.actor).account);
      return;
    case 'list':
      expectList(world, body);
      return;
    case 'read':
      expectAccount(body, pick(accounts, step.whom));
      return;
    case 'update': {
      const account = pick(accounts, step.whom);
      const former = account.role;
      account.role = step.changes.role ?? account.role;
      account.isActive = step.changes.is_active ?? account.isActive;
      expectAccount(body, account);
      if (!account.isActive || !holdsRole(account.role, former)) endSessions(world, account);
      return;
    }
    case 'remove':
      remove(world, pick(accounts, step.whom));
      return;
    case 'restore':
      pick(accounts, step.whom).isDeleted = false;
      expectAccount(body, pick(accounts, step.whom));
      return;
    case 'endSessions':
      endSessions(world, pick(accounts, step.whom));
  }
}

function expectAccount(body: Answer['body'], { id, email, role, isActive }: Account): void {
  expect([body.id, body.email, body.role, body.is_active]).to.deep.equal([id, email, role, isActive]);
}

function expectList(world: World, { items, total }: Answer['body']): void {
  const wire = (items as Answer['body'][]).map(
    ({ id, email, role, is_active }) => `${id} ${email} ${role} ${is_active}`,
  );
  const known = standing(world).map(({ id, email, role, isActive }) => `${id} ${email} ${role} ${isActive}`);
  expect(wire.sort()).to.deep.equal(known.sort());
  expect(total).to.equal(known.length);
}

function isTaken(world: World, email: string): boolean {
  return standing(world).some((account) => account.email === email);
}

function isAlive({ account, hasEnded }: Session): boolean {
  return !hasEnded && account.isActive && !account.isDeleted;
}

function isLastAdmin(world: World, account: Account): boolean {
  const admins = standing(world).filter(({ role, isActive }) => role === 'admin' && isActive);
  return admins.length === 1 && admins[0] === account;
}

function remove(world: World, account: Account): void {
  account.isDeleted = true;
  endSessions(world, account);
}

function ownSessions({ sessions }: World, account: Account): Session[] {
  return sessions.filter((session) => session.account === account && isAlive(session));
}

function endSessions({ sessions }: World, account: Account, except?: string): void {
  for (const session of sessions) if (session.account === account && session.id !== except) session.hasEnded = true;
}

function pick<Item>(items: readonly Item[], number: number): Item {
  return items[number % items.length]!;
}
