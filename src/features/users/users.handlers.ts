import { basePath } from '../../../generated/operations.ts';
import { ifMatch } from '../../http/entity-tags.ts';
import type { Handlers, Reply } from '../../http/operation.ts';
import type { IdempotencyService } from '../idempotency/idempotency.service.ts';
import type { User } from '../../access/user.ts';
import type { UsersService } from './users.service.ts';
import { toWireUser } from './users.wire.ts';

export function createUsersHandlers({
  users,
  idempotency,
}: {
  users: UsersService;
  idempotency: IdempotencyService;
}): Pick<Handlers, 'listUsers' | 'createUser' | 'getUser' | 'updateUser' | 'deleteUser'> {
  return {
    async listUsers({ query }) {
      const { search, role, is_active: isActive, sort_by: sortBy, sort_order: sortOrder } = query;
      const { limit, page, cursor } = query;
      const found = await users.list({ search, role, isActive, sortBy, sortOrder }, { limit, page, cursor });
      return {
        status: 200,
        headers: {},
        body: {
          items: found.users.map(toWireUser),
          total: found.total,
          page: found.page,
          limit: found.limit,
          total_pages: found.totalPages,
          next_cursor: found.nextCursor,
        },
      };
    },

    createUser({ principal, headers, body }) {
      const { email, password, full_name: fullName, role } = body;
      return idempotency.once<Reply<'createUser'>>(
        { scope: ['createUser'], principalId: principal.user.id, key: headers['idempotency-key'], body },
        async (record) => {
          const input = { email, password, fullName, role };
          return created(await users.create(input, (db, user) => record(db, created(user), user.id)));
        },
      );
    },

    async getUser({ params }) {
      const user = await users.get(params.user_id);
      return found(user);
    },

    async updateUser({ params, headers, body }) {
      const changes = { fullName: body.full_name, role: body.role, isActive: body.is_active };
      const user = await users.update(params.user_id, changes, ifMatch(headers['if-match']));
      return found(user);
    },

    async deleteUser({ params, headers }) {
      await users.remove(params.user_id, ifMatch(headers['if-match']));
      return { status: 204, headers: {}, body: undefined };
    },
  };
}

function found(user: User) {
  const body = toWireUser(user);
  return { status: 200, headers: { ETag: body.etag }, body } as const;
}

function created(user: User): Reply<'createUser'> {
  const body = toWireUser(user);
  return { status: 201, headers: { Location: `${basePath}/users/${user.id}`, ETag: body.etag }, body };
}
