import type { components } from '../../../generated/openapi.ts';
import { toWireTokens } from '../sessions/sessions.wire.ts';
import type { Login } from './admission.service.ts';

/** The one place where a login becomes what clients see. */
export function toWireLogin(login: Login): components['schemas']['TokenPair'] {
  return { ...toWireTokens(login), device_token: login.deviceToken };
}
