import { once } from 'node:events';
import type { Server } from 'node:http';
import { CommandError } from './failure.ts';

/** Listens. Throws a CommandError that names HOST or PORT, whichever is wrong. */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    throw new CommandError(describe(host, port, code, syscall), { cause: error });
  }
}

function describe(host: string, port: number, code = 'an error', syscall = ''): string {
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (code === 'EADDRINUSE') return `${where} is in use; stop what listens there or set another PORT`;
  if (code === 'EACCES') return `${where} may not be used by this user; set a PORT of 1024 or more`;
  if (code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo') {
    const remedy = 'set HOST=127.0.0.1, or 0.0.0.0 for all addresses; if you set none, your shell did (conda does)';
    return `HOST is "${host}", which is not an address of this machine (${code}); ${remedy}`;
  }
  return `can't listen at ${where} (${code}); check HOST and PORT`;
}
