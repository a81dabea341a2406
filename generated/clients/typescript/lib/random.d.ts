/** A key that nobody else has. `crypto.randomUUID` is not there on pages that came over plain http. */
export declare function randomKey(): string;
