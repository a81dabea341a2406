/** The floor: node:http and pg. */
import { createServer } from 'node:http';
import { connect } from './queries.ts';

const queries = connect();

async function answer(url: string, authorization: string | undefined): Promise<unknown> {
  const user = await queries.authenticate(authorization);
  if (!user) return undefined;
  if (url === '/api/v1/auth/me') return user;
  if (url.startsWith('/api/v1/users/')) return queries.findUser(url.slice('/api/v1/users/'.length));
  return queries.listUsers(20);
}

const server = createServer((request, response) => {
  answer(request.url ?? '', request.headers.authorization).then(
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
