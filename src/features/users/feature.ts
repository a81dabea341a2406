import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { FactorsService } from '../factors/factors.service.ts';
import type { IdempotencyService } from '../idempotency/idempotency.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { PasswordsService } from '../passwords/passwords.service.ts';
import type { InvitationsService } from '../registration/invitations.service.ts';
import type { RegistrationService } from '../registration/registration.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import { checkAdministrator } from './administrator.check.ts';
import { createDeletionService, type DeletionService } from './deletion.service.ts';
import { createUser } from './operations/createUser.ts';
import { deleteCurrentUser } from './operations/deleteCurrentUser.ts';
import { deleteUser } from './operations/deleteUser.ts';
import { getCurrentUser } from './operations/getCurrentUser.ts';
import { getUser } from './operations/getUser.ts';
import { listRestorableUsers } from './operations/listRestorableUsers.ts';
import { listUsers } from './operations/listUsers.ts';
import { registerUser } from './operations/registerUser.ts';
import { restoreUser } from './operations/restoreUser.ts';
import { updateCurrentUser } from './operations/updateCurrentUser.ts';
import { updateUser } from './operations/updateUser.ts';
import { createCursors } from '../../platform/lists/cursors.ts';
import { createUserCursors } from './user-cursor.ts';
import { createCredentialsService, type CredentialsService } from './credentials.service.ts';
import * as credentialsRepository from './users.credentials.repository.ts';
import * as deletedUsers from './users.deletion.repository.ts';
import * as listsRepository from './users.lists.repository.ts';
import { createUserListsService, type UserListsService } from './users.lists.service.ts';
import * as repository from './users.repository.ts';
import * as search from './users.search.repository.ts';
import { createUsersService } from './users.service.ts';
import { personalData } from './personal-data.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly sessions: { readonly service: SessionsService };
  readonly factors: { readonly service: FactorsService };
  readonly idempotency: { readonly service: IdempotencyService };
  readonly notices: { readonly service: NoticesService };
  readonly passwords: { readonly service: PasswordsService };
  readonly registration: { readonly service: RegistrationService; readonly invitations: InvitationsService };
}

/** Users: registration, their own account, and administration. */
export function createUsers(
  { config, database, keys }: Platform,
  { audit, factors, sessions, idempotency, notices, passwords, registration }: Needs,
) {
  const ring = keys.ring('cursors');
  const lists = createUserListsService({ database, lists: listsRepository, search, cursors: createUserCursors(ring) });
  const service = createUsersService({
    database,
    users: repository,
    audit: audit.service,
    sessions: sessions.service,
    idempotency: idempotency.service,
    notices: notices.service,
    passwords: passwords.service,
  });
  const credentials = createCredentialsService({
    credentials: credentialsRepository,
    users: repository,
    sessions: sessions.service,
    idempotency: idempotency.service,
    factors: factors.service,
    audit: audit.service,
  });
  const deletion = createDeletionService({
    database,
    users: service,
    deleted: deletedUsers,
    audit: audit.service,
    notices: notices.service,
    cursors: createCursors(ring),
    eraseAfterDays: config.eraseAfterDays,
  });
  return {
    service,
    lists,
    credentials,
    deletion,
    handlers: {
      registerUser: registerUser(service, registration.service, config.registration),
      getCurrentUser,
      updateCurrentUser: updateCurrentUser(service),
      listUsers: listUsers(lists),
      createUser: createUser(service, registration.service, registration.invitations),
      getUser: getUser(service),
      updateUser: updateUser(service),
      deleteUser: deleteUser(service),
      deleteCurrentUser: deleteCurrentUser(deletion),
      restoreUser: restoreUser(deletion),
      listRestorableUsers: listRestorableUsers(deletion),
    },
    personalData,
    indexes: {
      users_pkey: `select * from users where id = '00000000-0000-0000-0000-000000000000' and deleted_at is null`,
      users_email_key: `select * from users where email = 'nobody@example.com' and deleted_at is null`,
      users_created_at_idx: listBy('created_at'),
      users_updated_at_idx: listBy('updated_at'),
      users_full_name_idx: listBy('full_name'),
      users_email_sort_idx: listBy('email collate "C"'),
      ...indexesOfFewUsers,
      users_deleted_at_idx: `select id from users where erased_at is null and deleted_at < now() order by deleted_at limit 1`,
      users_search_idx: undefined,
      users_name_search_idx: undefined,
    },
    checks: [async () => checkAdministrator(await service.hasAdmin())],
  } satisfies ServedFeature & { lists: UserListsService; credentials: CredentialsService; deletion: DeletionService };
}

const listBy = (key: string) => `select * from users where deleted_at is null order by ${key} desc, id desc limit 50`;

// If they are very few, PostgreSQL may sort them.
const indexesOfFewUsers = Object.fromEntries(
  ['role', 'inactive', 'inactive_role', 'unverified'].flatMap((few) =>
    ['created_at', 'updated_at', 'email', 'full_name'].map((key) => [`users_${few}_${key}_idx`, undefined]),
  ),
);
