/** Clients that do nothing useful, in a process of their own: `hold.ts KIND ORIGIN COUNT`. Sends `ready` once all are connected. */
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const [kind = '', origin = '', count = ''] = process.argv.slice(2);
const { hostname, port } = new URL(origin);
const head = `POST /api/v1/auth/login HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n`;

/** A connection; those that the server closes are opened again. */
function open(whenOpen: (socket: Socket) => void): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      whenOpen(socket);
      resolve();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => void open(whenOpen));
    socket.resume();
  });
}

const kinds: Record<string, () => Promise<void>> = {
  idle: () => open(() => {}),
  slow: () =>
    open((socket) => {
      let sent = 0;
      const timer = setInterval(() => socket.write(head[sent++] ?? ' '), 1000);
      socket.on('close', () => clearInterval(timer));
    }),
  /** Ten megabytes of unknown length, ten times a second at most. */
  large: async () => {
    void sendLarge();
  },
};

const body = Buffer.alloc(10 * 2 ** 20, ' ');

async function sendLarge(): Promise<never> {
  for (;;) {
    await new Promise<void>((resolve) => {
      const sending = request(`${origin}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
      });
      sending.on('response', (response) => response.resume());
      sending.on('error', () => resolve());
      sending.on('close', resolve);
      sending.end(body);
    });
    await pause(100);
  }
}

const begin = kinds[kind];
if (!begin) throw new Error(`no such kind: ${kind}`);
for (let opened = 0; opened < Number(count); opened += 100) {
  await Promise.all(Array.from({ length: Math.min(100, Number(count) - opened) }, begin));
}
process.send?.('ready');
