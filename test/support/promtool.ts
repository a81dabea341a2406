/** Evaluates alert rules with promtool, if it is on the PATH (Debian: the package prometheus). */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The scraped series, and exactly the alerts that fire at a time. */
export interface AlertCase {
  readonly name: string;
  /** Values every 15 s by series, in promtool's notation. */
  readonly given: ReadonlyMap<string, string>;
  /** Such as `30m`. */
  readonly at: string;
  readonly firing: readonly string[];
}

export async function hasPromtool(): Promise<boolean> {
  return run('promtool', ['--version']).then(
    () => true,
    () => false,
  );
}

/** Returns promtool's report of failed cases; empty when all pass. */
export async function testAlerts(rules: string, cases: readonly AlertCase[]): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-rules-'));
  try {
    const file = path.join(directory, 'cases.yml');
    await writeFile(file, JSON.stringify(asUnitTests(rules, cases)));
    // Its short life is spent on collecting garbage otherwise.
    await run('promtool', ['test', 'rules', file], { env: { ...process.env, GOGC: '400' } });
    return '';
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    if (stdout + stderr === '') throw error;
    return stdout + stderr;
  } finally {
    await rm(directory, { recursive: true });
  }
}

// JSON is YAML, which promtool reads.
function asUnitTests(rules: string, cases: readonly AlertCase[]) {
  return {
    rule_files: [rules],
    evaluation_interval: '1m',
    tests: cases.map(({ name, given, at, firing }) => ({
      name,
      interval: '15s',
      input_series: [...given].map(([series, values]) => ({ series, values })),
      promql_expr_test: [
        {
          expr: 'count by (alertname) (ALERTS{alertstate="firing"}) > bool 0',
          eval_time: at,
          exp_samples: firing.map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
        },
      ],
    })),
  };
}
