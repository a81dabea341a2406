/** What doctor says of the mail server. */
import { expect } from 'chai';
import { checkMail } from '../../../src/doctor/mail.ts';
import { freePort } from '../../support/ports.ts';
import {
  makeCertificate,
  startMailServer,
  type Behaviour,
  type Certificate,
  type MailServer,
} from '../../support/smtp.ts';

describe('the check of the mail server', function () {
  let certificate: Certificate | undefined;
  let server: MailServer | undefined;

  before('make a certificate', async () => void (certificate = await makeCertificate()));
  after(() => certificate?.remove());
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  /** The findings about a server, by its port. */
  async function check(behaviour: Behaviour, urlOf: (port: number) => string) {
    server = await startMailServer(behaviour);
    const findings = await checkMail(urlOf(server.port));
    expect(server.received).to.deep.equal([]);
    return findings;
  }
  const withTls = (): Behaviour => ({
    login: { user: 'accounts', password: 'violet lantern' },
    options: { cert: certificate?.cert ?? '', key: certificate?.key ?? '' },
  });

  it('passes a server that accepts the password after STARTTLS', async function () {
    if (!certificate) return this.skip();
    const findings = await check(withTls(), (port) => `smtp://accounts:violet%20lantern@localhost:${port}`);

    expect(findings).to.deep.equal([{ check: 'mail', result: 'ok', reason: `localhost:${server?.port} can be used` }]);
  });

  it('fails a wrong password, without printing it', async function () {
    if (!certificate) return this.skip();
    const [finding] = await check(withTls(), (port) => `smtp://accounts:hunter2@localhost:${port}`);

    expect(finding).to.include({ result: 'fail', remedy: 'check user and password in SMTP_URL' });
    expect(finding?.reason)
      .to.match(/can't be used \(.*535.*\), so nobody gets a mail$/)
      .and.not.include('hunter2');
  });

  it('fails a server without STARTTLS, and warns where the URL allows that', async () => {
    const [refused] = await check({}, (port) => `smtp://0.0.0.0:${port}`);
    await server?.stop();
    const allowed = await check({}, (port) => `smtp://0.0.0.0:${port}?tls=optional`);

    expect(refused).to.include({ result: 'fail' });
    expect(refused?.remedy).to.match(/^use smtps:\/\/ if it begins with TLS/);
    expect(allowed.map(({ result }) => result)).to.deep.equal(['ok', 'warn']);
    expect(allowed[1]?.reason).to.include('tls=optional');
  });

  it('fails a certificate that nobody trusts', async function () {
    if (!certificate) return this.skip();
    const [finding] = await check(withTls(), (port) => `smtp://accounts:violet%20lantern@0.0.0.0:${port}`);

    expect(finding?.reason).to.match(/self-signed certificate|does not match/);
    expect(finding?.remedy).to.include('NODE_EXTRA_CA_CERTS');
  });

  it('fails a server that is down', async () => {
    const port = await freePort();

    const [finding] = await checkMail(`smtps://mail:secret@127.0.0.1:${port}`);

    expect(finding).to.include({ check: 'mail', result: 'fail' });
    expect(finding?.reason).to.include(`127.0.0.1:${port} can't be used`).and.not.include('secret');
    expect(finding?.remedy).to.match(/^check that it runs, and host and port in SMTP_URL/);
  });

  it('warns that nobody gets mail while SMTP_URL is off', async () => {
    expect((await checkMail('off')).map(({ result, reason }) => [result, reason])).to.deep.equal([
      ['warn', 'SMTP_URL is off, so nobody can recover a password'],
    ]);
  });
});
