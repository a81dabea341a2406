/** What sent a request: for sessions, the audit trail and limits. None of it proves anything. */
export interface Client {
  /** The address behind trusted proxies; empty if the client has already disconnected. */
  readonly address: string;
  /** The `User-Agent` header, up to `maxUserAgentLength` characters. */
  readonly userAgent: string | undefined;
  /** The id of the request, as in logs and problem documents. */
  readonly requestId: string;
}

/** Longer ones exist only to fill tables. */
export const maxUserAgentLength = 512;
