/** Rows that are as in the contract's examples. */
import { randomUUID } from 'node:crypto';
import type { UserModel } from '../../src/features/users/joined-user.ts';
import type { JobModel } from '../../src/platform/jobs/job.model.ts';
import type { TestApp } from '../support/app.ts';
import { contract } from '../support/contract.ts';
import { addJob } from '../support/listed-jobs.ts';

/** As if the user had just come, or nobody had ever; only upkeep may do that. */
export async function forgetEvents(app: TestApp, user_id?: string): Promise<void> {
  await app.context.database.transaction(async (db) => {
    await db.raw(`set local latchkey.audit_upkeep = 'on'`);
    await db('audit_events')
      .where(user_id === undefined ? {} : { user_id })
      .del();
  });
}

export async function addExampleEvent(app: TestApp, changes: object = {}): Promise<void> {
  await app.context.database.pool('audit_events').insert({ ...exampleOf('AuditEvent'), id: randomUUID(), ...changes });
}

/** The dead job of the examples, under an id of its own. */
export async function addExampleJob(app: TestApp): Promise<string> {
  const { name, attempts, dead_at, last_error } = exampleOf('Job') as JobModel;
  return addJob(app, { name, attempts, dead_at, last_error });
}

/** The user of the examples, under their id. */
export async function addExampleUser(app: TestApp): Promise<void> {
  const { id, email, full_name, role } = exampleOf('User') as UserModel;
  await app.context.database.pool('users').insert({ id, email, full_name, role, password_hash: '' });
}

/** Deletes a user at the time of the examples. */
export async function deleteAsInExample(app: TestApp, id: string): Promise<void> {
  await app.users.remove(id);
  const { deleted_at } = exampleOf('RestorableUser') as { deleted_at: string };
  await app.context.database.pool('users').where({ id }).update({ deleted_at });
}

const exampleOf = (schema: string) => (contract.components['schemas']![schema] as { example: object }).example;
