import { readConfig } from '../platform/config/config.ts';
import { processEnvironment } from '../platform/config/env.ts';
import { examine } from '../doctor/examination.ts';
import { describeMachine } from '../doctor/machine.ts';
import { describeFindings, mayDeploy, toJson } from '../doctor/report.ts';
import { readArguments } from '../process/arguments.ts';

/** `doctor`: checks whether this environment is ready to go live; status 1 if not. `--json` is for programs. */
export async function runDoctor(args: string[]): Promise<void> {
  const { values } = readArguments('doctor', args, { json: { type: 'boolean' } });
  const variables = processEnvironment();
  const environment = variables['NODE_ENV'];
  // Read as production would, whatever NODE_ENV is.
  const candidate = readConfig({ ...variables, NODE_ENV: 'production' });
  const signingKeysFile = variables['JWT_SIGNING_KEYS_FILE'];
  const machine = describeMachine(variables);
  const findings = await examine({ ...candidate, environment, signingKeysFile, machine });
  process.stdout.write(`${values.json ? toJson(findings) : describeFindings(findings)}\n`);
  if (!mayDeploy(findings)) process.exitCode = 1;
}
