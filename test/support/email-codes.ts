/** Sign-in codes, as mails bring them. */
import type { TestApp } from './app.ts';
import { aClient } from './a-client.ts';
import { deliverMails } from './mails.ts';

/** The code that somebody is mailed. */
export async function mailedCode(app: TestApp, { email }: { readonly email: string }): Promise<string> {
  await app.context.features.emailCodes.service.request(app.context.database.pool, email, aClient());
  const mails = await deliverMails(app);
  const mail = mails.findLast(({ name, to }) => name === 'login_code' && to === email);
  if (mail?.code === undefined) throw new Error(`no code was mailed to ${email}`);
  return mail.code;
}

/** Another code than the right one. */
export const anotherCode = (code: string): string => code.replace(/^./, (digit) => String((Number(digit) + 1) % 10));
