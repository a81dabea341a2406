import { SpanKind, SpanStatusCode, type Span, type SpanOptions } from '@opentelemetry/api';
import type { Request, Response } from 'express';
import { operations } from '../../../generated/operations.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']);

/** The attributes of an incoming request, by OpenTelemetry's names. No query string, which may contain a secret. */
export function describeRequest(request: Request): SpanOptions {
  return {
    kind: SpanKind.SERVER,
    attributes: {
      'http.request.method': methods.has(request.method) ? request.method : '_OTHER',
      'url.path': request.path,
      'url.scheme': request.protocol,
      'network.protocol.version': request.httpVersion,
      'latchkey.request_id': request.id,
    },
  };
}

/** Names the span after the operation's route and adds the outcome. */
export function endRequestSpan(span: Span, request: Request, response: Response): void {
  const { operationId, problemCode } = request;
  const { statusCode, writableFinished } = response;
  if (operationId !== undefined) {
    const route = operations[operationId].fullPath;
    span.updateName(`${request.method} ${route}`);
    span.setAttributes({ 'http.route': route, 'latchkey.operation_id': operationId });
  }
  if (writableFinished) span.setAttribute('http.response.status_code', statusCode);
  if (!writableFinished || statusCode >= 500) {
    span.setAttribute('error.type', writableFinished ? (problemCode ?? String(statusCode)) : 'aborted');
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
