import { SpanKind, SpanStatusCode, type Context, type Span, type Tracer } from '@opentelemetry/api';
import type { Connection } from '../database/connection.ts';
import { PlannedQuery } from '../database/planned-query.ts';

type Callback = (error: Error | null | undefined, result: unknown) => void;

/** Records a span for each query that a connection runs in a request: its text with `$1` placeholders, never the values. */
export function traceQueries(connection: Connection, tracer: Tracer, parent: () => Context | undefined): void {
  const query = connection.query.bind(connection) as (...args: unknown[]) => unknown;
  const traced = (...args: unknown[]): unknown => {
    const context = parent();
    const text = textOf(args[0]);
    if (context === undefined || text === undefined) return query(...args);
    const operation = /^\w+/.exec(text)?.[0].toUpperCase() ?? 'postgresql';
    const attributes = {
      'db.system.name': 'postgresql',
      'db.namespace': connection.database,
      'db.operation.name': operation,
      'db.query.text': text,
      'server.address': connection.host,
      'server.port': connection.port,
    };
    const span = tracer.startSpan(operation, { kind: SpanKind.CLIENT, attributes }, context);
    const endAnd = (callback: Callback): Callback => {
      return (error, result) => {
        end(span, error);
        callback(error, result);
      };
    };
    const [first, last] = [args[0], args.at(-1)];
    if (first instanceof PlannedQuery) {
      first.callback = endAnd(first.callback as Callback);
      return query(first);
    }
    if (typeof last === 'function') return query(...args.slice(0, -1), endAnd(last as Callback));
    const result = query(...args) as Promise<unknown>;
    result.then(
      () => end(span),
      (error: unknown) => end(span, error),
    );
    return result;
  };
  connection.query = traced as Connection['query'];
}

// Any other query that submits itself, such as a stream, has no single end.
function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  if (typeof query !== 'object' || query === null || !('text' in query)) return undefined;
  if ('submit' in query && !(query instanceof PlannedQuery)) return undefined;
  return typeof query.text === 'string' ? query.text : undefined;
}

function end(span: Span, error?: unknown): void {
  if (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    span.setAttributes({ 'error.type': code, 'db.response.status_code': code });
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
