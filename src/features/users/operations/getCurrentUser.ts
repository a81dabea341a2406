import type { Handler } from '../../../http/operation.ts';
import { found } from '../users.wire.ts';

// Whoever the access token stands for was found to let the request in.
export const getCurrentUser: Handler<'getCurrentUser'> = async ({ principal }) => found(principal.user);
