/** What it costs to sign access tokens with a key pair, which other services can verify, rather than with a secret. */
import { generateSigningKey } from '../../src/platform/signing-keys.ts';
import type { Effort, Row } from './measurements.ts';
import { figure, inRounds, ratio } from './rounds.ts';
import { basePath, startLatchkey, type Bench } from './service.ts';
import { beginSessions, credentialsOf } from './sessions.ts';

const connections = 32;
const json = { 'Content-Type': 'application/json' };

/** Reads, each of whose tokens was verified before, and logins: ES256 against HS256. */
export async function measureSigning(bench: Bench, effort: Effort, say: (text: string) => void): Promise<Row[]> {
  const contestants = {
    ES256: await prepare({
      ...bench,
      variables: { ...bench.variables, JWT_SIGNING_KEYS: generateSigningKey('ES256') },
    }),
    HS256: await prepare(bench),
  };

  async function prepare(own: Bench) {
    const { origin, stop } = await startLatchkey(own);
    const bodies = await credentialsOf(own.variables, 8);
    const accessTokens = (await beginSessions(own.variables, connections)).map(({ accessToken }) => accessToken);
    const read = { url: `${origin}${basePath}/auth/me`, accessTokens, connections };
    const login = {
      url: `${origin}${basePath}/auth/login`,
      method: 'POST',
      headers: json,
      bodies,
      connections: 8,
    } as const;
    return {
      stop,
      read: async (seconds: number) => (await bench.measure({ ...read, seconds })).perSecond,
      login: async (seconds: number) => (await bench.measure({ ...login, seconds })).perSecond,
    };
  }

  const compare = async (what: string, act: 'read' | 'login', seconds: number, target: number): Promise<Row[]> => {
    say(what);
    const { ES256, HS256 } = contestants;
    for (const { [act]: run } of [ES256, HS256]) await run(1);
    const rates = await inRounds({ ES256: () => ES256[act](seconds), HS256: () => HS256[act](seconds) }, effort.rounds);
    const [own, other] = [rates.ES256, rates.HS256];
    return [
      {
        what: `${what}, ES256`,
        unit: 'a second',
        figure: figure(own),
        ratios: [{ to: 'HS256', ratio: ratio(own, other), target }],
      },
      { what: `${what}, HS256`, unit: 'a second', figure: figure(other), ratios: [] },
    ];
  };
  const rows = [
    ...(await compare('GET /auth/me', 'read', effort.seconds, 0.95)),
    ...(await compare('POST /auth/login', 'login', 4 * effort.seconds, 0.99)),
  ];
  await Promise.all(Object.values(contestants).map(({ stop }) => stop()));
  return rows;
}
