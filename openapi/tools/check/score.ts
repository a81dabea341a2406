/** Part of `npm run lint:contract`: fails if Redocly scores the contract below the minimum. */
import { runRedocly } from '../redocly.ts';

const minimum = 90;

const output = await runRedocly('score', 'generated/openapi.json', '--format=json');
const { agentReadiness: score } = JSON.parse(output) as { agentReadiness: number };
process.stdout.write(`The contract scores ${score} of 100; the minimum is ${minimum}.\n`);
if (score < minimum) process.exitCode = 1;
