import type { User } from '../../access/user.ts';
import type { ServiceError } from '../../platform/errors.ts';
import { violation } from '../../platform/violations.ts';

/** Why a passkey is refused: the second half of the contract's rule. */
export type RefusalReason = 'challenge' | 'origin' | 'unverified' | 'broken' | 'unknown' | 'cloned';

/** A passkey was refused. The message is for operators; people are told the reason at most. */
export class RefusedPasskey extends Error {
  override readonly name = 'RefusedPasskey';
  readonly reason: RefusalReason;
  /** Whose passkey it is, if that is known. */
  readonly user: User | undefined;

  constructor(reason: RefusalReason, message: string, { user, cause }: { user?: User; cause?: unknown } = {}) {
    super(message, { cause });
    this.reason = reason;
    this.user = user;
  }

  /** The violation that tells somebody who is signed in. */
  violationAt(place: readonly string[]): ServiceError {
    return violation(place, `passkey_${this.reason}`);
  }
}
