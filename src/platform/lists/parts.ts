import type { Cursors, Place } from './cursors.ts';

/** What a client asks for of a list that goes on by cursor. */
export interface PartRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A part of a list, and the cursor of the next part; `null` after the last. */
export interface Part<Row> {
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
}

/** A list that goes on by cursor. */
export interface List<Row> {
  /** With its filters, so that cursors of another list are refused. */
  readonly name: string;
  /** Reads rows in the list's order, from the place of the last row that was sent. */
  readonly read: (limit: number, after?: Place) => Promise<readonly Row[]>;
  readonly placeOf: (row: Row) => Place;
}

/** Reads a part of a list, and one row more, which tells whether there is a next part. Throws `validation_failed` for an invalid cursor. */
export async function readPart<Row>(
  cursors: Cursors,
  { name, read, placeOf }: List<Row>,
  { limit, cursor }: PartRequest,
): Promise<Part<Row>> {
  const after = cursor === undefined ? undefined : cursors.read(name, cursor);
  const found = await read(limit + 1, after);
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, nextCursor: last ? cursors.write(name, placeOf(last)) : null };
}
