/** What a user can have besides a password. */
export type FactorKind = 'totp' | 'passkey';

/** How somebody with a second factor can prove to be that user; a recovery code stands in for any factor. */
export type SecondFactor = FactorKind | 'recovery_code';

/** A factor as its user sees it. */
export interface Factor {
  readonly id: string;
  readonly userId: string;
  readonly kind: FactorKind;
  readonly name: string;
  readonly createdAt: Date;
  readonly confirmedAt: Date | undefined;
  readonly lastUsedAt: Date | undefined;
}
