/** A TCP proxy on this machine to a server that may run elsewhere. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

export interface Tunnel {
  /** The URL with the tunnel's address. */
  through(url: string): string;
  close(): void;
}

export async function openTunnel(serverUrl: string): Promise<Tunnel> {
  const { hostname, port } = new URL(serverUrl);
  const accept = (socket: Socket) => {
    const onward = connect(Number(port || 5432), hostname);
    pipeline(socket, onward, socket, () => {}); // when one ends or fails, so does the other
  };
  const server = createServer(accept).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: near } = server.address() as AddressInfo;
  return {
    through: (url) => Object.assign(new URL(url), { host: `127.0.0.1:${near}` }).href,
    close: () => void server.close(),
  };
}
