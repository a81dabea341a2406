import type { components } from '../../../generated/openapi.ts';
import { toWireTokens } from '../sessions/sessions.wire.ts';
import type { TokenPair } from '../sessions/token-pair.ts';
import type { Login } from './admission.service.ts';

/** The one place where a login becomes what clients see; a session that only continues names no device. */
export function toWireLogin(login: Login | TokenPair): components['schemas']['TokenPair'] {
  return { ...toWireTokens(login), ...('deviceToken' in login && { device_token: login.deviceToken }) };
}
