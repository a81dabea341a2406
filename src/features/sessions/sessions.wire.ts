import type { components } from '../../../generated/openapi.ts';
import type { TokenPair } from './token-pair.ts';

/** The one place where tokens become what clients see. */
export function toWireTokens(tokens: TokenPair): components['schemas']['TokenPair'] {
  return {
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    token_type: 'Bearer',
    expires_in: tokens.expiresIn,
  };
}
