/** Part of `npm run lint:contract`: fails when Redocly scores the contract below the floor. */
import { runRedocly } from '../redocly.ts';

const floor = 90;

const output = await runRedocly('score', 'generated/openapi.json', '--format=json');
const { agentReadiness: score } = JSON.parse(output) as { agentReadiness: number };
process.stdout.write(`The contract scores ${score} of 100; ${floor} is the floor.\n`);
if (score < floor) process.exitCode = 1;
