import { createTransport } from 'nodemailer';
import { fail, ok, warn, type Finding } from '../platform/findings.ts';
import { redact } from '../platform/log/redaction.ts';
import { smtpOptions } from '../platform/mail/smtp.ts';

const answerMs = 5000;
const timeouts = { connectionTimeout: answerMs, greetingTimeout: answerMs, socketTimeout: answerMs };

/** Whether the mail server answers, encrypts, and accepts the user and password of SMTP_URL. Sends nothing. */
export async function checkMail(smtpUrl: string): Promise<Finding[]> {
  if (smtpUrl === 'off') {
    const reason = 'SMTP_URL is off, so nobody can recover a password';
    return [warn('mail', reason, 'give a URL such as smtps://user:password@smtp.example.com')];
  }
  const options = { ...smtpOptions(smtpUrl), ...timeouts };
  const server = `${options.host}:${options.port}`;
  const transport = createTransport(options);
  try {
    await transport.verify();
    return [ok('mail', `${server} can be used`), ...checkEncryption(smtpUrl)];
  } catch (error) {
    const reason = `${server} can't be used (${redact((error as Error).message)}), so nobody gets a mail`;
    return [fail('mail', reason, remedyOf(error as Error))];
  } finally {
    transport.close();
  }
}

function remedyOf({ code, message }: Error & { code?: string }): string {
  if (code === 'EAUTH') return 'check user and password in SMTP_URL';
  if (/certificate/i.test(message))
    return "use the name in the server's certificate, and give a private authority by NODE_EXTRA_CA_CERTS";
  if (code === 'ETLS') return 'use smtps:// if it begins with TLS, or add ?tls=optional if it can do without';
  return 'check that it runs, and host and port in SMTP_URL';
}

function checkEncryption(smtpUrl: string): Finding[] {
  if (!new URL(smtpUrl).searchParams.has('tls')) return [];
  const reason = 'SMTP_URL says tls=optional, so mails and the password may travel unencrypted';
  return [warn('mail', reason, 'remove ?tls=optional if the server offers STARTTLS')];
}
