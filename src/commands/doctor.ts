import { readConfig } from '../platform/config/config.ts';
import { processEnvironment } from '../platform/config/env.ts';
import type { Finding } from '../platform/findings.ts';
import { readArguments } from '../process/arguments.ts';

/** `doctor`: checks whether this environment is ready to go live; status 1 if not. `--json` is for programs. */
export async function runDoctor(args: string[]): Promise<void> {
  const { values } = readArguments('doctor', args, { json: { type: 'boolean' } });
  const findings = await examineEnvironment(processEnvironment());
  const { describeFindings, mayDeploy, toJson } = await import('../doctor/report.ts');
  process.stdout.write(`${values.json ? toJson(findings) : describeFindings(findings)}\n`);
  if (!mayDeploy(findings)) process.exitCode = 1;
}

/** Examines an environment as production would read it, whatever its NODE_ENV is. */
export async function examineEnvironment(variables: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const [{ examine }, { describeMachine }] = await Promise.all([
    import('../doctor/examination.ts'),
    import('../doctor/machine.ts'),
  ]);
  const environment = variables['NODE_ENV'];
  const candidate = readConfig({ ...variables, NODE_ENV: 'production' });
  const signingKeysFile = variables['JWT_SIGNING_KEYS_FILE'];
  return examine({ ...candidate, environment, signingKeysFile, machine: describeMachine(variables) });
}
