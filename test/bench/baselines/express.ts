/** Express and pg, with prototypes set up front to save Node 20 the cost of changing them, as in src/http/server.ts. */
import express from 'express';
import { createHttpServer } from '../../../src/http/server.ts';
import { connect, type UserRow } from './queries.ts';

const queries = connect();
const app = express();
app.disable('x-powered-by');
app.disable('etag');

app.use(async (request, response, next) => {
  const user = await queries.authenticate(request.headers.authorization);
  if (!user) response.sendStatus(401);
  else {
    response.locals['user'] = user;
    next();
  }
});
app.get('/api/v1/auth/me', (_request, response) => {
  response.json(response.locals['user'] as UserRow);
});
app.get('/api/v1/users', async (_request, response) => {
  response.json(await queries.listUsers(20));
});
app.get('/api/v1/users/:id', async (request, response) => {
  response.json(await queries.findUser(request.params.id));
});

const options = { requestTimeoutSeconds: 120, keepAliveSeconds: 5, publicUrl: '' };
createHttpServer(app, options).listen(Number(process.env['PORT']), '127.0.0.1');
