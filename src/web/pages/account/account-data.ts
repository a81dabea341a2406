import type { Client, components } from '../../../../openapi/clients/typescript/index.ts';

type Schemas = components['schemas'];

/** All that the sections show. */
export interface AccountData {
  readonly user: Schemas['User'];
  readonly sessions: readonly Schemas['Session'][];
  readonly factors: Schemas['FactorList'];
  readonly passkeys: readonly Schemas['Passkey'][];
  readonly events: Schemas['AuditEventPage'];
}

/** What every section gets. */
export interface SectionProps {
  readonly account: AccountData;
  /** Loads all of it again, after a change. */
  readonly reload: () => Promise<void>;
  /** How often somebody asked for that; each time, the place opens. */
  readonly passwordChoices: number;
  /** Goes to where a new password is chosen. */
  readonly choosePassword: () => void;
  /** Does what ends the account, and says goodbye. */
  readonly leave: (deletion: () => Promise<void>) => Promise<void>;
}

const shownEvents = 8;

/** Loads everything at once, so that no section moves another one when it arrives. */
export async function loadAccount(client: Client): Promise<AccountData> {
  const [user, sessions, factors, passkeys, events] = await Promise.all([
    client.getCurrentUser(),
    client.listSessions(),
    client.listFactors(),
    client.listPasskeys(),
    client.listOwnEvents({ limit: shownEvents }),
  ]);
  return { user, sessions: sessions.items, factors, passkeys: passkeys.items, events };
}
