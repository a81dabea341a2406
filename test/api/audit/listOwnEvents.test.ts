import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { useApp } from '../../support/app.ts';
import { addEvent } from '../../support/events.ts';

describe('listOwnEvents', () => {
  const app = useApp();
  const client = { address: '203.0.113.7', userAgent: 'Firefox', requestId: 'request-1' };

  it('shows what happened to oneself, and nothing that happened to others or that one did to them', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn('admin')];
    await addEvent(app, { type: 'user.renamed', userId: ada.id, actorId: ada.id, client });
    await addEvent(app, { type: 'user.role_changed', userId: ada.id, actorId: grace.id, client });
    await addEvent(app, { type: 'user.created', userId: randomUUID(), actorId: grace.id, client });

    const listed = async (token: string, query = {}) => {
      const { body } = await app.send('get', '/auth/events', { token, query: { outcome: 'success', ...query } });
      return (body.items as { type: string }[]).filter(({ type }) => type.startsWith('user.'));
    };

    const types = (await listed(ada.accessToken)).map(({ type }) => type);
    expect(types).to.deep.equal(['user.role_changed', 'user.renamed', 'user.created']);
    expect(await listed(ada.accessToken, { type: 'user.renamed' })).to.have.length(1);
    expect((await listed(grace.accessToken)).map(({ type }) => type)).to.deep.equal(['user.created']);
  });

  it('hides where somebody else did it from, and shows where strangers tried', async () => {
    const { id, accessToken: token } = await app.signIn();
    await addEvent(app, { type: 'user.renamed', userId: id, actorId: randomUUID(), client });
    await addEvent(app, { type: 'session.start_failed', outcome: 'failure', userId: id, client });

    const shown = async (type: string) =>
      (await app.send('get', '/auth/events', { token, query: { type } })).body.items[0] as object;

    expect(await shown('user.renamed')).to.include({ ip_address: null, user_agent: null, request_id: null });
    expect(await shown('session.start_failed')).to.include({ ip_address: '203.0.113.7', user_agent: 'Firefox' });
  });

  it('takes no other user', async () => {
    const { accessToken: token } = await app.signIn();
    const { status } = await app.send('get', '/auth/events', { token, query: { user_id: randomUUID() } });
    expect(status).to.equal(400);
  });
});
