import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { addTotp, enrolTotp } from '../../support/factors.ts';

describe('listFactors', () => {
  const app = useApp();
  const list = (token: string) => app.send('get', '/auth/factors', { token });

  it('shows the confirmed factors of whoever asks, the oldest first, and no secret', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn()];
    const [phone, tablet] = [await addTotp(app, ada, 'Phone'), await addTotp(app, ada, 'Tablet')];
    await enrolTotp(app, ada, 'Watch');
    await addTotp(app, grace, 'Grace’s');

    const { status, body, bytes } = await list(ada.accessToken);

    expect(status).to.equal(200);
    const names = (body.items as { id: string; name: string }[]).map(({ id, name }) => [id, name]);
    expect(names).to.deep.equal([
      [phone.factorId, 'Phone'],
      [tablet.factorId, 'Tablet'],
    ]);
    for (const { secret } of [phone, tablet]) expect(bytes.toString()).not.to.include(secret);
  });

  it('counts the recovery codes that are left', async () => {
    const ada = await app.signIn();
    const { recoveryCodes } = await addTotp(app, ada);
    const { verify } = app.context.features.factors;
    const who = { user: ada, client: { address: '203.0.113.7', userAgent: undefined, requestId: 'request-1' } };
    for (const code of recoveryCodes.slice(0, 3))
      await app.context.database.transaction((db) => verify(db, who, { factor: 'recovery_code', code }));

    expect((await list(ada.accessToken)).body.recovery_codes_left).to.equal(7);
  });

  it('is empty for somebody who has none', async () => {
    const { body } = await list((await app.signIn()).accessToken);
    expect(body).to.deep.equal({ items: [], recovery_codes_left: 0 });
  });
});
