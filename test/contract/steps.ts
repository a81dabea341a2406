/** Steps that clients of the model in world.ts try. */
import fc, { type Arbitrary } from 'fast-check';
import type { Role } from '../../src/access/user.ts';

/** What a client tries. Numbers pick an existing account or session, so a step means the same when repeated. */
export type Step =
  | { does: 'register'; email: string }
  | { does: 'login'; whom: number; rightPassword: boolean }
  | { does: 'refresh'; actor: number; withUsedToken: boolean }
  | { does: 'logout' | 'readMe' | 'removeMe' | 'list' | 'listSessions' | 'endOthers'; actor: number }
  | { does: 'endSession'; actor: number; which: number }
  | { does: 'create'; actor: number; email: string; role: Role }
  | { does: 'update'; actor: number; whom: number; changes: { role?: Role; is_active?: boolean } }
  | { does: 'read' | 'remove' | 'restore' | 'endSessions'; actor: number; whom: number };

const role = fc.constantFrom<Role>('user', 'moderator', 'admin');
// Few, so that a lot happens to each.
const number = fc.nat({ max: 4 });
// The first is an administrator.
const actor = fc.oneof(fc.constant(0), number);
// Removed, registered anew, restored: only if it is the same few.
const member = fc.oneof(number, fc.constantFrom(3, 4));
const email = fc.constantFrom('a@example.com', 'b@example.com');
const changes = fc
  .record({ role, is_active: fc.boolean() }, { requiredKeys: [] })
  .filter((fields) => Object.keys(fields).length > 0);

/** Any step that a client may try. */
export const anyStep: Arbitrary<Step> = fc.oneof(
  { arbitrary: step('register', { email }), weight: 4 },
  { arbitrary: step('login', { whom: number, rightPassword: fc.boolean() }), weight: 4 },
  step('refresh', { actor, withUsedToken: fc.boolean() }),
  step('logout', { actor: number }),
  { arbitrary: step('readMe', { actor }), weight: 3 },
  step('removeMe', { actor: number }),
  step('list', { actor }),
  step('listSessions', { actor }),
  step('endSession', { actor: number, which: number }),
  step('endOthers', { actor }),
  step('create', { actor, email, role }),
  { arbitrary: step('update', { actor, whom: number, changes }), weight: 4 },
  step('read', { actor, whom: number }),
  { arbitrary: step('remove', { actor, whom: member }), weight: 3 },
  { arbitrary: step('restore', { actor: fc.oneof(fc.constant(0), actor), whom: member }), weight: 3 },
  step('endSessions', { actor, whom: number }),
);

function step(does: Step['does'], fields: Record<string, Arbitrary<unknown>>): Arbitrary<Step> {
  return fc.record({ does: fc.constant(does), ...fields }) as unknown as Arbitrary<Step>;
}
