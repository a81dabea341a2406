/** Whether memory grows with requests: a worker's memory after a thousand and after a million. */
import { residentMb } from './start.ts';
import type { Row } from './measurements.ts';
import { figure } from './rounds.ts';
import { basePath, startLatchkey, type Bench } from './service.ts';
import { beginSessions } from './sessions.ts';

const requests = 1_000_000;
const grown = 1.2;

/** Takes minutes; reports progress every half a minute. */
export async function measureSoak(bench: Bench, say: (text: string) => void): Promise<Row[]> {
  const latchkey = await startLatchkey(bench);
  const memory = () => residentMb(latchkey.child.pid!);
  const url = `${latchkey.origin}${basePath}/auth/me`;
  // New sessions each time, since the whole run takes longer than an access token lives.
  const send = async (load: { connections: number; seconds: number; perSecond?: number }) => {
    const accessTokens = (await beginSessions(bench.variables, load.connections)).map(({ accessToken }) => accessToken);
    const { perSecond } = await bench.measure({ url, accessTokens, ...load });
    return perSecond * load.seconds;
  };
  say('GET /auth/me a thousand times');
  let sent = await send({ connections: 32, seconds: 2, perSecond: 500 });
  const first = memory();
  while (sent < requests) {
    say(`${Math.round(sent).toLocaleString('en')} requests, ${memory().toFixed(0)} MB`);
    sent += await send({ connections: 32, seconds: 30 });
  }
  const last = memory();
  await latchkey.stop();
  return [
    { what: 'memory after 1,000 requests', unit: 'MB', figure: figure([first]), ratios: [] },
    {
      what: 'memory after 1,000,000 requests',
      unit: 'MB',
      figure: figure([last]),
      ratios: [{ to: 'the memory after 1,000', ratio: last / first, atMost: grown }],
    },
  ];
}
