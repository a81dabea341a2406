import type { Handler } from '../../../http/operation.ts';
import type { UserListsService } from '../users.lists.service.ts';
import { toWireUser } from '../users.wire.ts';

export function listUsers(lists: UserListsService): Handler<'listUsers'> {
  return async ({ query }) => {
    const {
      search,
      role,
      is_active: isActive,
      email_verified: isEmailVerified,
      sort_by: sortBy,
      sort_order: sortOrder,
    } = query;
    const { limit, page, cursor } = query;
    const found = await lists.list(
      { search, role, isActive, isEmailVerified, sortBy, sortOrder },
      { limit, page, cursor },
    );
    return {
      status: 200,
      headers: {},
      body: {
        items: found.users.map(toWireUser),
        total: found.total,
        total_is_exact: found.totalIsExact,
        page: found.page,
        limit: found.limit,
        total_pages: found.totalPages,
        next_cursor: found.nextCursor,
      },
    };
  };
}
