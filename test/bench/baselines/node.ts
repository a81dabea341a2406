/** The floor: node:http and pg. */
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import bcrypt from 'bcrypt';
import { connect } from './queries.ts';

const queries = connect();

async function answer(url: string, authorization: string | undefined): Promise<unknown> {
  const user = await queries.authenticate(authorization);
  if (!user) return undefined;
  if (url === '/api/v1/auth/me') return user;
  if (url.startsWith('/api/v1/users/')) return queries.findUser(url.slice('/api/v1/users/'.length));
  return queries.listUsers(20);
}

/** The costly part of a login. What is hashed is made from the password, so the comparison says no, after the same time. */
async function logIn(request: IncomingMessage): Promise<unknown> {
  const { email, password } = (await json(request)) as { email: string; password: string };
  const hash = await queries.findPasswordHash(email);
  if (hash === undefined) return undefined;
  await bcrypt.compare(password, hash);
  return { email };
}

const server = createServer((request, response) => {
  const { method, url = '', headers } = request;
  (method === 'POST' ? logIn(request) : answer(url, headers.authorization)).then(
    (body) => {
      const text = JSON.stringify(body ?? {});
      response.writeHead(body ? 200 : 401, {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': Buffer.byteLength(text),
      });
      response.end(text);
    },
    () => response.writeHead(401).end(),
  );
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
