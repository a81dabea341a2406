import type { components } from '../../../generated/openapi.ts';
import type { SessionCookies } from '../sessions/session-cookies.ts';
import { toWireTokens } from '../sessions/sessions.wire.ts';
import type { TokenPair } from '../sessions/token-pair.ts';
import type { Login } from './admission.service.ts';

/** The headers that say where the tokens go. */
interface Asking {
  readonly 'session-transport'?: 'cookie';
}

type LoginReply =
  | { readonly status: 200; readonly headers: object; readonly body: components['schemas']['TokenPair'] }
  | { readonly status: 204; readonly headers: { readonly 'Set-Cookie': string[] }; readonly body: undefined };

export type LoginWire = ReturnType<typeof createLoginWire>;

/** Where tokens become what clients see: a body, or the cookies of a browser session, in which no script sees them. */
export function createLoginWire(cookies: SessionCookies) {
  return {
    /** The reply to a login. A session that only continues names no device. */
    reply({ 'session-transport': transport }: Asking, login: Login | TokenPair): LoginReply {
      if (transport === undefined) return { status: 200, headers: {}, body: toWireLogin(login) };
      const device = 'deviceToken' in login ? [cookies.keepDevice(login.deviceToken)] : [];
      return { status: 204, headers: { 'Set-Cookie': [...device, cookies.keepSession(login)] }, body: undefined };
    },

    /** The device token of a request: that of its body, or of the cookie if it asks for a browser session. */
    deviceToken(request: {
      readonly headers: Asking;
      readonly cookie: string | undefined;
      readonly body: { readonly device_token?: string };
    }): string | undefined {
      const { headers, cookie, body } = request;
      const isOfBrowser = headers['session-transport'] !== undefined;
      return body.device_token ?? (isOfBrowser ? cookies.deviceTokenIn(cookie) : undefined);
    },
  };
}

function toWireLogin(login: Login | TokenPair): components['schemas']['TokenPair'] {
  return { ...toWireTokens(login), ...('deviceToken' in login && { device_token: login.deviceToken }) };
}
