/** A key that nobody else has. Pages that came over plain http have no `randomUUID`, and React Native may have no `crypto` at all. */
export declare function randomKey(): string;
