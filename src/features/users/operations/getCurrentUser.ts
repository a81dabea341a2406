import type { Handler } from '../../../http/operation.ts';
import { found } from '../users.wire.ts';

// Authentication has already read the user.
export const getCurrentUser: Handler<'getCurrentUser'> = async ({ principal }) => found(principal.user);
