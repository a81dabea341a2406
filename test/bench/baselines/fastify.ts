/** Fastify and pg, with response schemas, as Fastify's users write it. */
import { fastify } from 'fastify';
import { connect, type UserRow } from './queries.ts';

const queries = connect();
const user = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    email: { type: 'string' },
    full_name: { type: 'string' },
    role: { type: 'string' },
    is_active: { type: 'boolean' },
    created_at: { type: 'string', format: 'date-time' },
    updated_at: { type: 'string', format: 'date-time' },
  },
};
const page = { type: 'object', properties: { items: { type: 'array', items: user }, total: { type: 'integer' } } };

const app = fastify();
app.decorateRequest('user', null);
app.addHook('onRequest', async (request, reply) => {
  const found = await queries.authenticate(request.headers.authorization);
  if (!found) return reply.code(401).send();
  (request as unknown as { user: UserRow }).user = found;
  return undefined;
});
app.get('/api/v1/auth/me', { schema: { response: { 200: user } } }, async (request) => {
  return (request as unknown as { user: UserRow }).user;
});
app.get('/api/v1/users', { schema: { response: { 200: page } } }, () => queries.listUsers(20));
app.get<{ Params: { id: string } }>('/api/v1/users/:id', { schema: { response: { 200: user } } }, (request) =>
  queries.findUser(request.params.id),
);
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
