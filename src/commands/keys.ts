import { keysMaxAgeSeconds } from '../features/signing-keys/feature.ts';
import { mayRetire, statesAt, withSignsFrom, type KeyState } from '../platform/signing-key-states.ts';
import {
  generateSigningKey,
  keyPairAlgorithms,
  parseSigningKeys,
  signingKeyAt,
  type KeyPair,
  type KeyPairAlgorithm,
} from '../platform/signing-keys.ts';
import { readArguments } from '../process/arguments.ts';
import { CommandError } from '../process/failure.ts';
import { callOf, UsageError } from '../process/usage.ts';
import { changeKeys, findKeys, readKeys, type KeySettings } from './keys.file.ts';

// By then, everybody who caches the published keys for as long as they may has fetched them again.
const startSeconds = 2 * keysMaxAgeSeconds;

type Values = ReturnType<typeof readKeysArguments>['values'];

const readKeysArguments = (args: string[]) =>
  readArguments('keys', args, {
    file: { type: 'string' },
    algorithm: { type: 'string' },
    'starts-in': { type: 'string' },
    now: { type: 'boolean' },
    force: { type: 'boolean' },
    json: { type: 'boolean' },
  });

/** `keys list|generate|rotate|retire`: the keys that sign access tokens. */
export async function runKeys(args: string[]): Promise<void> {
  const { values, positionals } = readKeysArguments(args);
  const [action = '', ...ids] = positionals;
  const settings = findKeys(values.file);
  const lines = actions[action as keyof typeof actions](settings, values, ids);
  process.stdout.write(`${lines.join('\n')}\n`);
}

type Action = (settings: KeySettings, values: Values, ids: readonly string[]) => string[];

const actions = {
  list: (settings, { json }) => {
    const states = statesAt(readKeys(settings.source), Date.now(), settings.accessTtlSeconds);
    return json ? [JSON.stringify({ keys: states.map(forPrograms) }, undefined, 2)] : describe(states, settings);
  },

  generate: (settings, values) => {
    const file = fileOf(settings);
    const algorithm = readAlgorithm(values.algorithm ?? 'ES256');
    const time = readStart(values);
    const added = withSignsFrom(generateSigningKey(algorithm), time);
    changeKeys(file, (keys) => [...keys.map(({ text }) => text), added]);
    return report(file, added, time);
  },

  rotate: (settings, values) => {
    const file = fileOf(settings);
    const time = readStart(values);
    const removed: KeyPair[] = [];
    let added = '';
    changeKeys(file, (keys) => {
      const states = statesAt(keys, Date.now(), settings.accessTtlSeconds);
      const waiting = states.find(({ state }) => state === 'waiting');
      if (waiting) {
        const remedy = `rotate after that, or remove it: ${callOf('keys', `retire ${waiting.key.id} --force${settings.fileOption}`)}`;
        throw new CommandError(`${waiting.key.id} is waiting to sign from ${textOf(waiting.from)}; ${remedy}`);
      }
      const current = keys.length === 0 ? 'ES256' : signingKeyAt(keys, Date.now()).algorithm;
      added = withSignsFrom(generateSigningKey(current), time);
      removed.push(...states.filter((state) => mayRetire(state, Date.now())).map(({ key }) => key));
      return [...without(keys, removed), added];
    });
    return [...removed.map(({ id }) => `retired    ${id}`), ...report(file, added, time)];
  },

  retire: (settings, { force = false }, ids) => {
    const removed: KeyPair[] = [];
    const file = fileOf(settings);
    changeKeys(file, (keys) => {
      const states = statesAt(keys, Date.now(), settings.accessTtlSeconds);
      const chosen = ids.length > 0 ? ids.map((id) => chooseKey(states, id, settings)) : retirable(states, settings);
      const refused = chosen.find((state) => !mayRetire(state, Date.now()));
      if (refused && !force) throw new CommandError(`${consequenceOf(refused)}; to remove it anyway, add --force`);
      removed.push(...chosen.map(({ key }) => key));
      const remaining = without(keys, removed);
      if (remaining.length > 0) return remaining;
      throw new CommandError('the last key stays: unset JWT_SIGNING_KEYS_FILE to sign with JWT_SECRETS again');
    });
    return [...removed.map(({ id }) => `retired    ${id}`), howToLoad(file)];
  },
} satisfies Record<string, Action>;

function fileOf({ source }: KeySettings): string {
  if (source === undefined) throw new CommandError('there is no key file; name one: --file signing-keys.pem');
  if ('file' in source) return source.file;
  throw new CommandError(
    'the keys are in JWT_SIGNING_KEYS itself; save its value to a file, change that with --file, and set the variable to the result',
  );
}

function without(keys: readonly KeyPair[], removed: readonly KeyPair[]): string[] {
  return keys.filter(({ id }) => !removed.some((key) => key.id === id)).map(({ text }) => text);
}

function chooseKey(states: readonly KeyState[], id: string, { fileOption }: KeySettings): KeyState {
  const found = states.find(({ key }) => key.id === id);
  if (!found) throw new CommandError(`there is no key ${id}; see ${callOf('keys', `list${fileOption}`)}`);
  return found;
}

function retirable(states: readonly KeyState[], { fileOption }: KeySettings): KeyState[] {
  const found = states.filter((state) => mayRetire(state, Date.now()));
  if (found.length > 0) return found;
  throw new CommandError(`no key can be retired yet; see ${callOf('keys', `list${fileOption}`)}`);
}

function consequenceOf(state: KeyState): string {
  const { id } = state.key;
  if (state.state === 'waiting') return `${id} is waiting to sign from ${textOf(state.from)}`;
  if (state.state === 'signing')
    return `${id} is the key that signs, and every access token it signed would be refused`;
  return `access tokens that ${id} signed are valid until ${textOf(state.unusedFrom)}, and would be refused`;
}

function readAlgorithm(text: string): KeyPairAlgorithm {
  const found = keyPairAlgorithms.find((algorithm) => algorithm === text);
  if (found) return found;
  throw new UsageError('keys', `there is no algorithm ${text}: choose ${keyPairAlgorithms.join(' or ')}`);
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

function readStart({ now, 'starts-in': given }: Values): number {
  if (now && given !== undefined) throw new UsageError('keys', 'give either --now or --starts-in');
  if (now) return Date.now();
  const [, count, unit = ''] = /^(\d{1,5})([smhd])$/.exec(given ?? `${startSeconds}s`) ?? [];
  if (count === undefined) throw new UsageError('keys', `--starts-in ${given} is not a time such as 90s, 10m or 2h`);
  return Date.now() + Number(count) * (unitSeconds[unit] ?? 1) * 1000;
}

function report(file: string, added: string, time: number): string[] {
  const [key] = parseSigningKeys(added);
  const when = time > Date.now() ? `from ${textOf(time)}` : 'as soon as a server has it';
  return [`added      ${key?.id} (${key?.algorithm}), which signs ${when}`, howToLoad(file, time)];
}

function howToLoad(file: string, time = -Infinity): string {
  const deadline = time > Date.now() ? ` before ${textOf(time)}` : '';
  return `servers read ${file} at start: restart each of them${deadline}, or send SIGHUP to one that has workers`;
}

const columns = { waiting: 'from', signing: 'since', superseded: 'since' } as const;

function describe(states: readonly KeyState[], { source, fileOption }: KeySettings): string[] {
  if (states.length === 0) {
    const where = source && 'file' in source ? ` in ${source.file}` : '';
    return [`no keys${where}: JWT_SECRETS signs (HS256); to add one: ${callOf('keys', `generate${fileOption}`)}`];
  }
  const lines = states.map((state) => {
    const next =
      state.state !== 'superseded'
        ? ''
        : mayRetire(state, Date.now())
          ? '; can be retired'
          : `; can be retired from ${textOf(state.unusedFrom)}`;
    return `${state.state.padEnd(10)} ${state.key.algorithm}  ${state.key.id}  ${columns[state.state]} ${textOf(state.from)}${next}`;
  });
  return [...lines, nextStep(states, fileOption)];
}

function nextStep(states: readonly KeyState[], fileOption: string): string {
  const waiting = states.find(({ state }) => state === 'waiting');
  const secret = states.every(({ state }) => state === 'waiting') ? '; until then, JWT_SECRETS signs (HS256)' : '';
  if (waiting) return `next: every server must have the waiting key before ${textOf(waiting.from)}${secret}`;
  if (states.some((state) => mayRetire(state, Date.now()))) return `next: ${callOf('keys', `retire${fileOption}`)}`;
  return `next: nothing; to change the key: ${callOf('keys', `rotate${fileOption}`)}`;
}

function forPrograms({ key, state, from }: KeyState) {
  return { kid: key.id, algorithm: key.algorithm, state, from: from === -Infinity ? null : textOf(from) };
}

function textOf(time: number): string {
  return time === -Infinity ? 'always' : new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
