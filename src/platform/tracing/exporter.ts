import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../log/log.ts';

const timeoutMs = 5000;

/** Sends spans to a collector (OTLP, http/protobuf). Logs once when it becomes unavailable, and once when it answers again. */
export function createExporter(endpoint: string, headers: Readonly<Record<string, string>>, log: Log): SpanExporter {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: timeoutMs,
  });
  let isUnavailable = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        if (failed && !isUnavailable)
          log.warn({ err: result.error }, 'traces cannot be sent and are lost until they can');
        if (!failed && isUnavailable) log.info('traces are sent again');
        isUnavailable = failed;
        // The processor could only pass the failure on.
        done({ code: ExportResultCode.SUCCESS });
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}
