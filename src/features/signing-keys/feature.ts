import { createHash } from 'node:crypto';
import type { Handlers } from '../../http/operation.ts';
import type { Platform } from '../../platform/platform.ts';
import { publicJwkOf } from '../../platform/signing-keys.ts';
import type { Feature } from '../feature.ts';

/** How long others may cache the keys, in seconds. A new key must be published for longer than that before it signs. */
export const keysMaxAgeSeconds = 300;

/** What other services need to verify access tokens: the public keys (RFC 7517), and metadata (RFC 8414). */
export function createSigningKeys({ keys, config }: Platform) {
  const jwks = { keys: keys.keyPairs.map(publicJwkOf) };
  const metadata = {
    issuer: config.tokens.issuer,
    jwks_uri: `${config.publicUrl}/.well-known/jwks.json`,
    service_documentation: `${config.publicUrl}/docs`,
    response_types_supported: [],
    grant_types_supported: [],
  };
  const [headersOfJwks, headersOfMetadata] = [headersOf(jwks), headersOf(metadata)];
  const handlers: Pick<Handlers, 'getJwks' | 'getAuthorizationServerMetadata'> = {
    async getJwks() {
      return { status: 200, headers: headersOfJwks, body: jwks };
    },

    async getAuthorizationServerMetadata() {
      return { status: 200, headers: headersOfMetadata, body: metadata };
    },
  };
  return { handlers } satisfies Feature;
}

// It changes only with a restart. Pages of any origin may read it: it is public.
function headersOf(body: object) {
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('base64url');
  return {
    'Access-Control-Allow-Origin': '*',
    'Cache-Control': `public, max-age=${keysMaxAgeSeconds}`,
    ETag: `"${hash.slice(0, 22)}"`,
  };
}
