import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ephemeral ports (from 32768 on Linux, 49152 elsewhere), so that no outgoing connection takes one before the caller listens.
const first = 15_000;
const end = 32_000;
// Files that are tested at once share the range, and each goes through its ports in turn: none is found twice before somebody listens.
const sharers = 8;
const own = Number(process.env['MOCHA_WORKER_ID'] ?? sharers - 1) % sharers;
let turn = randomInt((end - first) / sharers);

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  turn = (turn + 1) % ((end - first) / sharers);
  const port = first + turn * sharers + own;
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return freePort();
  }
  server.close();
  await once(server, 'close');
  return port;
}
