import pg, { type FieldDef } from 'pg';
import type { Connection } from './connection.ts';

/** A prepared statement, and the values of one run. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

type Row = Record<string, unknown>;
type Parse = (text: string) => unknown;

/** Called with the rows, or with the error that prevented them. */
type Callback = (error: Error | null | undefined, rows: Row[]) => void;

/** The driver's side of the protocol. */
interface Protocol {
  readonly stream: { cork(): void; uncork(): void };
  /** The text of each statement that the server has parsed, by its name. */
  readonly parsedStatements: Readonly<Record<string, string>>;
  parse(message: object): void;
  bind(message: object): void;
  describe(message: object): void;
  execute(message: object): void;
  sync(): void;
}

/** The part of a connection that knows how to read its types. */
interface Types {
  getTypeParser(type: number): Parse;
}

/** A statement's columns, and a row without values, so that all rows have one shape. */
interface Columns {
  readonly list: readonly { readonly name: string; readonly parse: Parse }[];
  readonly emptyRow: Row;
}

const none: Columns = { list: [], emptyRow: {} };

/** The columns of a connection's statements, by name. */
const known = new WeakMap<Connection, Map<string, Columns>>();

const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

/**
 * Runs a prepared statement, through the interface by which the driver lets queries send themselves. The driver's own have the server
 * describe the columns at each run; a plan never changes them (PostgreSQL fails with 0A000 instead), so here they are described once.
 */
export class PlannedQuery {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  callback: Callback;
  readonly #types: Types;
  readonly #known: Map<string, Columns>;
  readonly #rows: Row[] = [];
  #columns: Columns | undefined;
  #failure: unknown;

  constructor(connection: Connection, { name, text, values }: Statement, callback: Callback) {
    this.name = name;
    this.text = text;
    this.values = values.map((value) => prepareValue(value));
    this.callback = callback;
    this.#types = connection;
    this.#known = known.get(connection) ?? new Map<string, Columns>();
    known.set(connection, this.#known);
  }

  submit(protocol: Protocol): void {
    const { name, text, values } = this;
    this.#columns = this.#known.get(name);
    protocol.stream.cork();
    if (protocol.parsedStatements[name] === undefined) protocol.parse({ name, text });
    protocol.bind({ statement: name, values });
    if (!this.#columns) protocol.describe({ type: 'P' });
    protocol.execute({});
    protocol.sync();
    protocol.stream.uncork();
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldDef[] }): void {
    this.#columns = {
      list: fields.map(({ name, dataTypeID }) => ({
        name,
        parse: this.#types.getTypeParser(dataTypeID),
      })),
      emptyRow: Object.fromEntries(fields.map(({ name }) => [name, null])),
    };
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const { list, emptyRow } = this.#columns ?? none;
    const row = { ...emptyRow };
    try {
      list.forEach(({ name, parse }, index) => {
        const text = fields[index];
        if (typeof text === 'string') row[name] = parse(text);
      });
      this.#rows.push(row);
    } catch (error) {
      this.#failure = error;
    }
  }

  handleCommandComplete(): void {
    this.#known.set(this.name, this.#columns ?? none);
  }

  handleReadyForQuery(): void {
    this.callback(this.#failure as Error | undefined, this.#rows);
  }

  handleError(error: Error): void {
    this.callback(error, []);
  }
}
