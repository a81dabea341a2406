/** A small model of Latchkey: what the accounts and sessions of some clients have to be after what they did. */
import { expect } from 'chai';
import fc, { type Arbitrary } from 'fast-check';
import type { ProblemCode } from '../../src/errors.ts';
import { holdsRole, type Role } from '../../src/identity/user.ts';
import type { TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { newPerson } from '../support/people.ts';
import { expectProblem } from '../support/problems.ts';

interface Account {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  fullName: string;
  role: Role;
  active: boolean;
  deleted: boolean;
  tag: string;
  formerTags: string[];
}

interface Session {
  readonly account: Account;
  access: string;
  refresh: string;
  usedRefresh: string | undefined;
  ended: boolean;
}

export interface World {
  readonly app: TestApp;
  readonly accounts: Account[];
  readonly sessions: Session[];
}

/** Picks one of several by a number, so that a sequence means the same when it is repeated. */
interface Pick {
  readonly of: 'admins' | 'standing' | 'all';
  readonly number: number;
}

type Tag = 'none' | 'any' | 'current' | 'former';

interface Steps {
  register: { email: number };
  create: { actor: Pick; email: number; role: Role };
  login: { target: Pick; rightPassword: boolean };
  refresh: { actor: Pick; usedToken: boolean };
  logout: { actor: Pick };
  read: { actor: Pick; target: Pick };
  list: { actor: Pick; role?: Role; is_active?: boolean };
  rename: { actor: Pick; tag: Tag; full_name: string };
  update: { actor: Pick; target: Pick; tag: Tag; changes: { full_name?: string; role?: Role; is_active?: boolean } };
  remove: { actor: Pick; target: Pick; tag: Tag };
}
type StepName = keyof Steps;
export type Step = { [Name in StepName]: { does: Name } & Steps[Name] }[StepName];

type Refusal = [status: number, code: ProblemCode] | undefined;

const roles: Role[] = ['user', 'moderator', 'admin'];
const role = fc.constantFrom(...roles);
const email = fc.nat({ max: 5 });
const name = fc.constantFrom('Ada Lovelace', 'Grace Hopper', 'Zoë Quince');
const tag = fc.constantFrom<Tag>('none', 'none', 'any', 'current', 'current', 'former');
const number = fc.nat({ max: 50 });
const actor = fc.record({ of: fc.constantFrom<Pick['of']>('admins', 'admins', 'standing', 'all'), number });
const target = fc.record({ of: fc.constantFrom<Pick['of']>('standing', 'standing', 'standing', 'admins', 'all'), number });

function steps<Name extends StepName>(does: Name, what: Record<keyof Steps[Name], Arbitrary<unknown>>): Arbitrary<Step> {
  return fc.record({ does: fc.constant(does), ...what }) as Arbitrary<Step>;
}

/** Any step that some client may try. */
export const anyStep: Arbitrary<Step> = fc.oneof(
  steps('register', { email }),
  steps('create', { actor, email, role }),
  steps('login', { target, rightPassword: fc.constantFrom(true, true, false) }),
  steps('refresh', { actor, usedToken: fc.constantFrom(true, false, false) }),
  steps('logout', { actor }),
  steps('read', { actor, target }),
  fc.record(
    { does: fc.constant('list' as const), actor, role, is_active: fc.boolean() },
    { requiredKeys: ['does', 'actor'] },
  ) as Arbitrary<Step>,
  steps('rename', { actor, tag, full_name: name }),
  steps('update', {
    actor,
    target,
    tag,
    changes: fc
      .record({ full_name: name, role, is_active: fc.boolean() }, { requiredKeys: [] })
      .filter((changes) => Object.keys(changes).length > 0),
  }),
  steps('remove', { actor, target, tag }),
);

/** A world with somebody of each role, signed in. */
export async function beginWorld(app: TestApp): Promise<World> {
  const world: World = { app, accounts: [], sessions: [] };
  for (const role of roles) {
    const { id, email, password, fullName, accessToken: token } = await app.signIn(role);
    const { headers } = await app.send('get', '/auth/me', { token });
    const account = addAccount(world, { id, email, password, fullName, role }, headers['etag']!);
    await takeStep(world, {
      does: 'login',
      target: { of: 'all', number: world.accounts.indexOf(account) },
      rightPassword: true,
    });
  }
  return world;
}

/** Does a step and holds the answer against the model, which goes along. */
export async function takeStep(world: World, step: Step): Promise<void> {
  await (takers[step.does] as (world: World, step: Step) => Promise<void>)(world, step);
}

const takers: { [Name in StepName]: (world: World, step: Steps[Name]) => Promise<void> } = {
  async register(world, { email }) {
    const person = newPerson({ email: `person-${email}@example.com` });
    const { password, fullName } = person;
    const json = { email: person.email.toUpperCase(), password, full_name: fullName };
    const answer = await world.app.send('post', '/auth/register', { json });
    expectCreated(world, answer, { ...person, role: 'user' }, taken(world, person.email));
  },

  async create(world, { actor, email, role }) {
    const session = pickSession(world, actor);
    const person = newPerson({ email: `person-${email}@example.com` });
    const json = { email: person.email, password: person.password, full_name: person.fullName, role };
    const answer = await world.app.send('post', '/users', { token: session.access, json });
    expectCreated(world, answer, { ...person, role }, refused(session, 'admin') ?? taken(world, person.email));
  },

  async login(world, { target, rightPassword }) {
    const account = pickAccount(world, target);
    const json = { email: account.email, password: rightPassword ? account.password : 'another password' };
    const answer = await world.app.send('post', '/auth/login', { json });
    if (account.deleted || !rightPassword) return expectProblem(answer, 401, 'invalid_credentials');
    if (!account.active) return expectProblem(answer, 403, 'account_disabled');
    expect(answer.status).to.equal(200);
    const { access_token: access, refresh_token: refresh } = answer.body;
    world.sessions.push({ account, access, refresh, usedRefresh: undefined, ended: false });
  },

  async refresh(world, { actor, usedToken }) {
    const session = pickSession(world, actor);
    const used = usedToken ? session.usedRefresh : undefined;
    const json = { refresh_token: used ?? session.refresh };
    const answer = await world.app.send('post', '/auth/refresh', { json });
    if (used !== undefined || !stands(session)) {
      // A token that was used before ends its session; one that was not may have been used up by this.
      session.ended = true;
      return expectProblem(answer, 401, 'invalid_refresh_token');
    }
    expect(answer.status).to.equal(200);
    session.usedRefresh = session.refresh;
    session.access = answer.body.access_token;
    session.refresh = answer.body.refresh_token;
  },

  async logout(world, { actor }) {
    const session = pickSession(world, actor);
    const answer = await world.app.send('post', '/auth/logout', { token: session.access });
    const refusal = refused(session, 'user');
    if (refusal) return expectProblem(answer, ...refusal);
    expect(answer.status).to.equal(204);
    session.ended = true;
  },

  async read(world, { actor, target }) {
    const [session, account] = [pickSession(world, actor), pickAccount(world, target)];
    const answer = await world.app.send('get', `/users/${account.id}`, { token: session.access });
    const refusal = refused(session, 'moderator', account) ?? missing(account);
    if (refusal) return expectProblem(answer, ...refusal);
    expectUser(answer, account);
  },

  async list(world, { actor, role, is_active }) {
    const session = pickSession(world, actor);
    const query = { limit: 100, ...(role && { role }), ...(is_active !== undefined && { is_active }) };
    const answer = await world.app.send('get', '/users', { token: session.access, query });
    const refusal = refused(session, 'moderator');
    if (refusal) return expectProblem(answer, ...refusal);
    const matching = world.accounts.filter(
      (account) =>
        !account.deleted &&
        (role === undefined || account.role === role) &&
        (is_active === undefined || account.active === is_active),
    );
    expect(answer.body.total).to.equal(matching.length);
    expect(answer.body.items.map(({ id }: Account) => id)).to.have.members(matching.map(({ id }) => id));
  },

  async rename(world, { actor, tag, full_name }) {
    const session = pickSession(world, actor);
    const { account } = session;
    const call = { token: session.access, json: { full_name }, headers: ifMatch(account, tag) };
    const answer = await world.app.send('patch', '/auth/me', call);
    const refusal = refused(session, 'user') ?? late(account, tag);
    if (refusal) return expectProblem(answer, ...refusal);
    account.fullName = full_name;
    expectChanged(answer, account);
  },

  async update(world, { actor, target, tag, changes }) {
    const [session, account] = [pickSession(world, actor), pickAccount(world, target)];
    const call = { token: session.access, json: changes, headers: ifMatch(account, tag) };
    const answer = await world.app.send('patch', `/users/${account.id}`, call);
    const takesAdmin = changes.is_active === false || (changes.role !== undefined && changes.role !== 'admin');
    const refusal = refused(session, 'admin') ?? missing(account) ?? late(account, tag);
    const denied = refusal ?? (takesAdmin ? lastAdmin(world, account) : undefined);
    if (denied) return expectProblem(answer, ...denied);
    const former = account.role;
    account.fullName = changes.full_name ?? account.fullName;
    account.role = changes.role ?? account.role;
    account.active = changes.is_active ?? account.active;
    if (!account.active || !holdsRole(account.role, former)) endSessions(world, account);
    expectChanged(answer, account);
  },

  async remove(world, { actor, target, tag }) {
    const [session, account] = [pickSession(world, actor), pickAccount(world, target)];
    const call = { token: session.access, headers: ifMatch(account, tag) };
    const answer = await world.app.send('delete', `/users/${account.id}`, call);
    const refusal = refused(session, 'admin') ?? missing(account) ?? late(account, tag) ?? lastAdmin(world, account);
    if (refusal) return expectProblem(answer, ...refusal);
    expect(answer.status).to.equal(204);
    account.deleted = true;
    endSessions(world, account);
  },
};

/** At the end: everybody is seen as the model says, and every session is what it says. */
export async function checkWorld(world: World): Promise<void> {
  const present = world.accounts.filter(({ deleted }) => !deleted);
  const [admin] = activeAdmins(world);
  expect(new Set(present.map(({ email }) => email)), 'addresses').to.have.property('size', present.length);
  expect(admin, 'an active administrator').not.to.equal(undefined);
  await takeStep(world, { does: 'login', target: { of: 'all', number: world.accounts.indexOf(admin!) }, rightPassword: true });
  const actor: Pick = { of: 'all', number: world.sessions.length - 1 };
  await takeStep(world, { does: 'list', actor });
  for (const number of world.accounts.keys()) {
    await takeStep(world, { does: 'read', actor, target: { of: 'all', number } });
    if (world.accounts[number]!.deleted) {
      await takeStep(world, { does: 'login', target: { of: 'all', number }, rightPassword: true });
    }
  }
  for (const session of world.sessions) {
    const answer = await world.app.send('get', '/auth/me', { token: session.access });
    if (stands(session)) expectUser(answer, session.account);
    else expectProblem(answer, 401, 'invalid_token');
  }
}

function pickSession({ sessions }: World, { of, number }: Pick): Session {
  const standing = sessions.filter(stands);
  const admins = standing.filter(({ account }) => account.role === 'admin');
  return pickFrom({ admins, standing, all: sessions }[of], sessions, number);
}

function pickAccount(world: World, { of, number }: Pick): Account {
  const standing = world.accounts.filter(({ deleted }) => !deleted);
  return pickFrom({ admins: activeAdmins(world), standing, all: world.accounts }[of], world.accounts, number);
}

function pickFrom<Item>(some: Item[], all: Item[], number: number): Item {
  const list = some.length > 0 ? some : all;
  return list[number % list.length]!;
}

function addAccount(world: World, person: Pick2, tag: string): Account {
  const account = { ...person, active: true, deleted: false, tag, formerTags: [] };
  world.accounts.push(account);
  return account;
}
