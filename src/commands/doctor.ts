import { readConfig } from '../config/config.ts';
import { processEnvironment } from '../config/env.ts';
import { examine } from '../doctor/examination.ts';
import { describeMachine } from '../doctor/machine.ts';
import { describeFindings, mayDeploy, toJson } from '../doctor/findings.ts';
import { CommandError } from './failure.ts';

/** `doctor`: tells whether this environment may go live; status 1 says that it may not. `--json` is for programs. */
export async function runDoctor(args: string[]): Promise<void> {
  const json = args.includes('--json');
  if (args.some((arg) => arg !== '--json')) throw new CommandError('use: npm run doctor, or npm run doctor -- --json');
  const variables = processEnvironment();
  const environment = variables['NODE_ENV'];
  // Whatever it says it is, it is read as production reads it.
  const candidate = readConfig({ ...variables, NODE_ENV: 'production' });
  const findings = await examine({ ...candidate, environment, machine: describeMachine(variables) });
  process.stdout.write(`${json ? toJson(findings) : describeFindings(findings)}\n`);
  if (!mayDeploy(findings)) process.exitCode = 1;
}
