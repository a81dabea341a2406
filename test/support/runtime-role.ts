/** A database with two roles: the owner of the tables, who migrates, and the one that the server connects as. */
import { randomBytes } from 'node:crypto';
import { grantRuntimeRole } from '../../src/platform/database/runtime-role.ts';
import { openDatabase, type Database } from '../../src/platform/database/database.ts';
import { copyTemplate } from './database.ts';

const bounds = { poolMax: 2, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 };

export interface TwoRoles {
  readonly role: string;
  readonly ownerUrl: string;
  readonly runtimeUrl: string;
  readonly owner: Database;
  readonly runtime: Database;
  grant(): Promise<string[]>;
}

/** Provides such a database for the suite. */
export function useTwoRoles(): TwoRoles {
  const role = `latchkey_runtime_${randomBytes(8).toString('hex')}`;
  const password = randomBytes(16).toString('hex');
  let state: Omit<TwoRoles, 'role' | 'grant'>;
  let drop: () => Promise<void>;

  const grant = async () => {
    const said: string[] = [];
    await grantRuntimeRole(state.ownerUrl, bounds.connectTimeoutMs, role, (line) => said.push(line));
    return said;
  };

  before('create a role beside the owner', async () => {
    const copy = await copyTemplate();
    drop = copy.drop;
    const runtimeUrl = Object.assign(new URL(copy.url), { username: role, password }).href;
    state = {
      ownerUrl: copy.url,
      runtimeUrl,
      owner: openDatabase(copy.url, bounds),
      runtime: openDatabase(runtimeUrl, bounds),
    };
    await state.owner.pool.raw(`create role ${role} login password '${password}'`);
    await grant();
  });
  after('drop both', async () => {
    await state.runtime.close();
    await state.owner.pool.raw(`drop owned by ${role}`);
    await state.owner.pool.raw(`drop role ${role}`);
    await state.owner.close();
    await drop();
  });

  return {
    role,
    grant,
    get ownerUrl() {
      return state.ownerUrl;
    },
    get runtimeUrl() {
      return state.runtimeUrl;
    },
    get owner() {
      return state.owner;
    },
    get runtime() {
      return state.runtime;
    },
  };
}
