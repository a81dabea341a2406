/** Why a database can't be used or migrated. Any command may have to say so, so this loads no driver. */

/** Why migrations can't be applied or rolled back, and the remedy, in one line. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** A requirement that a database does not meet, and the remedy, each as part of a sentence. */
export interface UnmetRequirement {
  readonly reason: string;
  readonly remedy: string;
}

/** Latchkey can't use this database. */
export class UnfitDatabaseError extends Error {
  override readonly name = 'UnfitDatabaseError';
  readonly unmet: readonly UnmetRequirement[];

  constructor(unmet: readonly UnmetRequirement[]) {
    super(unmet.map(({ reason }) => reason).join('; '));
    this.unmet = unmet;
  }
}
