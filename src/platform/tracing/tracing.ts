import { AsyncLocalStorage } from 'node:async_hooks';
import { defaultTextMapGetter, ROOT_CONTEXT, trace, type Context } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import type { RequestHandler } from 'express';
import type { TracingConfig } from '../config/telemetry.ts';
import type { WatchConnection } from '../database/database.ts';
import type { Log } from '../log/log.ts';
import { createExporter } from './exporter.ts';
import { traceQueries } from './queries.ts';
import { describeRequest, endRequestSpan } from './requests.ts';

/** Records requests and queries as OpenTelemetry spans and sends them to a collector. */
export interface Tracing {
  readonly traceRequests: RequestHandler;
  readonly watchConnection: WatchConnection;
  /** Sends the remaining spans. */
  readonly stop: () => Promise<void>;
}

export interface TracingParts {
  readonly config: TracingConfig;
  readonly headers: Readonly<Record<string, string>>;
  readonly version: string;
  readonly log: Log;
}

/** Starts tracing. Registers nothing globally. */
export function createTracing({ config, headers, version, log }: TracingParts): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': config.serviceName,
      'service.version': version,
      'process.pid': process.pid,
      ...config.resource,
    }),
    sampler: createSampler(config),
    spanProcessors: [new BatchSpanProcessor({ exporter: createExporter(config.endpoint, headers, log) })],
  });
  const tracer = provider.getTracer('latchkey', version);
  const propagator = new W3CTraceContextPropagator();
  const current = new AsyncLocalStorage<Context>();
  return {
    traceRequests: (request, response, next) => {
      const caller = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
      const span = tracer.startSpan(request.method, describeRequest(request), caller);
      request.traceId = span.spanContext().traceId;
      response.once('close', () => endRequestSpan(span, request, response));
      current.run(trace.setSpan(caller, span), next);
    },
    watchConnection: (connection) => traceQueries(connection, tracer, () => current.getStore()),
    stop: () => provider.shutdown(),
  };
}

function createSampler({ ratio, followsParent }: TracingConfig): Sampler {
  const root =
    ratio === 1 ? new AlwaysOnSampler() : ratio === 0 ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(ratio);
  return followsParent ? new ParentBasedSampler({ root }) : root;
}
