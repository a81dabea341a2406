import type { Handler } from '../../../http/operation.ts';
import { foundOwn } from '../users.wire.ts';

// Authentication has already read the user.
export const getCurrentUser: Handler<'getCurrentUser'> = async ({ principal }) => foundOwn(principal.user);
