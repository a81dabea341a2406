import pg, { type FieldDef } from 'pg';

/** The protocol's side of a connection. */
interface Protocol {
  describe(message: object): void;
}

/** A query of the driver, which sends itself and gets the server's answers. */
interface DriverQuery {
  callback: Callback;
  submit(protocol: Protocol): Error | null;
  handleRowDescription(message: { fields: readonly FieldDef[] }): void;
}

type Callback = (error: Error | null | undefined, result: { rows: unknown[] }) => void;

const DriverQuery = pg.Query as unknown as new (statement: Statement, callback: Callback) => DriverQuery;

/** A prepared statement, and the values of this run. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** What is known of a connection's statements: the columns of each, by its name. */
interface Known {
  readonly columns: Map<string, readonly FieldDef[]>;
  /** Sends everything but the question for the columns. */
  readonly withoutDescribe: Protocol;
}

const known = new WeakMap<Protocol, Known>();

/**
 * Runs a prepared statement. The driver would have the server describe its columns at each run; a connection's plan never changes them
 * (PostgreSQL fails with 0A000 instead), so here they are described once.
 */
export class PlannedQuery extends DriverQuery {
  readonly #name: string;
  #columns: Known['columns'] | undefined;

  constructor(statement: Statement, callback: Callback) {
    super(statement, callback);
    this.#name = statement.name;
  }

  override submit(protocol: Protocol): Error | null {
    const { columns, withoutDescribe } = knownOf(protocol);
    const fields = columns.get(this.#name);
    if (!fields) {
      this.#columns = columns;
      return super.submit(protocol);
    }
    super.handleRowDescription({ fields });
    return super.submit(withoutDescribe);
  }

  override handleRowDescription(message: { fields: readonly FieldDef[] }): void {
    this.#columns?.set(this.#name, message.fields);
    super.handleRowDescription(message);
  }
}

function knownOf(protocol: Protocol): Known {
  let found = known.get(protocol);
  if (!found) {
    const withoutDescribe = Object.create(protocol, { describe: { value: () => {} } }) as Protocol;
    found = { columns: new Map(), withoutDescribe };
    known.set(protocol, found);
  }
  return found;
}
