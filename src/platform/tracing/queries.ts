import { SpanKind, SpanStatusCode, type Context, type Span, type Tracer } from '@opentelemetry/api';
import type { Connection } from '../database/connection.ts';

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
    const last = args.at(-1);
    if (typeof last === 'function') {
      const callback = last as Callback;
      const ended: Callback = (error, result) => {
        end(span, error);
        callback(error, result);
      };
      return query(...args.slice(0, -1), ended);
    }
    const result = query(...args) as Promise<unknown>;
    result.then(
      () => end(span),
      (error: unknown) => end(span, error),
    );
    return result;
  };
  connection.query = traced as Connection['query'];
}

// A query that submits itself, such as a stream, has no text and no single end.
function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  if (typeof query !== 'object' || query === null || !('text' in query) || 'submit' in query) return undefined;
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
