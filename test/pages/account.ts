/** The page /account, opened by people and by what they do there. */
import type { Locator, Page } from 'playwright-core';
import type { SignedIn } from '../support/app.ts';
import { heading, type Site } from './site.ts';

export const section = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
export const button = (page: Page | Locator, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: true });

/** Opens somebody's account, and waits for it. */
export async function openAccount(site: Site, person: SignedIn): Promise<Page> {
  const page = await site.openAs(person, '/account');
  await heading(page, 'Your account').waitFor();
  await section(page, 'Profile').waitFor();
  return page;
}

/** Goes from one control to the next with the Tab key, to a button, and presses it. */
export async function pressButton(page: Page, name: string): Promise<void> {
  const focused = page.locator('button:focus');
  await button(page, name).waitFor();
  while ((await focused.count()) === 0 || (await focused.textContent()) !== name) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
}

/** Makes the sign-in of all of somebody's sessions an hour old, and has the page learn it. */
export async function age(site: Site, page: Page, { id }: SignedIn): Promise<void> {
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await site.app.context.database.pool('sessions').where({ user_id: id }).update({ authenticated_at: anHourAgo });
  await page.reload();
}
