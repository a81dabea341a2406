/** Renders the Helm chart for a suite. */
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { findHelm, helm } from '../support/helm.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
}

export const directory = path.resolve('docker', 'kubernetes');
/** The required values, for `--set`. */
export const required = ['publicUrl=https://accounts.example.com', 'secrets.name=latchkey'];
/** Every part switched on. */
export const everything = [
  ...required,
  'ingress.enabled=true',
  'ingress.className=nginx',
  'ingress.host=accounts.example.com',
  'ingress.tlsSecret=accounts-tls',
  'ingress.annotations.a=b',
  'service.annotations.a=b',
  'podAnnotations.a=b',
  'nodeSelector.disk=fast',
  'tolerations[0].key=dedicated',
  'tolerations[0].operator=Exists',
  'affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight=1',
  'affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchFields[0].key=metadata.name',
  'affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchFields[0].operator=Exists',
  'image.pullSecrets[0].name=registry',
  'certificateAuthority.configMap=authorities',
  'extraVolumes[0].name=more',
  'extraVolumes[0].emptyDir.medium=Memory',
  'extraVolumeMounts[0].name=more',
  'extraVolumeMounts[0].mountPath=/more',
  'metrics.serviceMonitor.enabled=true',
  'metrics.prometheusRule.enabled=true',
  'metrics.prometheusRule.labels.release=monitoring',
  'metrics.dashboard.enabled=true',
  'metrics.dashboard.annotations.grafana_folder=Accounts',
];

export interface RenderedChart {
  /** Returns what Helm prints; throws with its error message when it fails. */
  readonly helm: (...args: string[]) => Promise<string>;
  readonly render: (values: readonly string[], ...args: string[]) => Promise<Manifest[]>;
  /** The manifest of a kind, `undefined` if there is none. */
  readonly renderOne: <Kind>(kind: string, values?: readonly string[]) => Promise<Kind>;
}

/** Renders the chart; without Helm, skips the suite with a message. */
export function useChart(): RenderedChart {
  let program = '';
  before(async function () {
    const found = await findHelm();
    if (found === undefined) {
      process.stdout.write('  no helm on the PATH: skipped the Helm chart; install Helm and run again\n');
      this.skip();
    }
    program = found;
  });

  const render: RenderedChart['render'] = async (values, ...args) => {
    const sets = values.flatMap((value) => ['--set', value]);
    const text = await helm(program, 'template', 'accounts', directory, '--kube-version', '1.34.0', ...args, ...sets);
    return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
  };
  return {
    helm: (...args) => helm(program, ...args),
    render,
    renderOne: async <Kind>(kind: string, values: readonly string[] = required) =>
      (await render(values)).find((manifest) => manifest.kind === kind) as Kind,
  };
}
