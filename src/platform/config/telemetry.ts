import { commaSeparated, type EnvironmentReader } from './env.ts';

/** Where traces are sent and how many are sampled. */
export interface TracingConfig {
  /** The collector's base URL; the path for traces is added. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** Other attributes of this service, by OpenTelemetry's names. */
  readonly resource: Readonly<Record<string, string>>;
  /** The fraction of traces that begin here to keep, from 0 to 1. */
  readonly ratio: number;
  /** Whether the caller's sampling decision takes precedence. */
  readonly followsParent: boolean;
}

/** Reads OpenTelemetry's own variables; without OTEL_EXPORTER_OTLP_ENDPOINT there are no traces. */
export function readTracing(env: EnvironmentReader): TracingConfig | undefined {
  const endpoint = env.text('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (endpoint === undefined) return undefined;
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    const remedy = 'give the address of a collector, such as http://127.0.0.1:4318';
    env.refuse('OTEL_EXPORTER_OTLP_ENDPOINT', 'is not an http:// or https:// URL', remedy);
  }
  env.choice('OTEL_EXPORTER_OTLP_PROTOCOL', ['http/protobuf'], 'http/protobuf');
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    serviceName: env.text('OTEL_SERVICE_NAME') ?? 'latchkey',
    resource: keyValues(env, 'OTEL_RESOURCE_ATTRIBUTES', env.text('OTEL_RESOURCE_ATTRIBUTES')),
    ...sampling(env),
  };
}

/** `key=value` pairs, comma-separated, as OpenTelemetry writes them: values are percent-encoded. */
export function keyValues(
  env: EnvironmentReader,
  name: string,
  text: string | undefined,
): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(
      commaSeparated(text ?? '').map((pair) => {
        const [, key, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(pair) ?? [];
        if (key === undefined || value === undefined) throw new URIError(pair);
        return [key, decodeURIComponent(value)];
      }),
    );
  } catch {
    env.refuse(name, 'is not a list of key=value', 'write key=value,key2=value2, with special characters as %XX');
    return {};
  }
}

const samplers = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio',
] as const;

function sampling(env: EnvironmentReader): Pick<TracingConfig, 'ratio' | 'followsParent'> {
  const sampler = env.choice('OTEL_TRACES_SAMPLER', samplers, 'parentbased_always_on');
  const text = env.text('OTEL_TRACES_SAMPLER_ARG') ?? '1';
  const argument = /^(0|1|[01]?\.\d{1,10})$/.test(text) ? Number(text) : NaN;
  if (!(argument <= 1)) env.refuse('OTEL_TRACES_SAMPLER_ARG', `is "${text}"`, 'use a number from 0 to 1, such as 0.1');
  return {
    ratio: sampler.endsWith('ratio') ? argument : sampler.endsWith('on') ? 1 : 0,
    followsParent: sampler.startsWith('parentbased'),
  };
}
