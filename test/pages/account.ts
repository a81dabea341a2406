/** The page /account, opened by people and by what they do there. */
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { SignedIn } from '../support/app.ts';
import { heading, signIn, type Site } from './site.ts';

export const section = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
export const button = (page: Page | Locator, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: true });

/** Signs somebody in, and waits for their account. */
export async function openAccount(site: Site, person: SignedIn, options?: BrowserContextOptions): Promise<Page> {
  const page = await site.open('/sign-in', options);
  await signIn(page, person);
  await heading(page, 'Your account').waitFor();
  await section(page, 'Profile').waitFor();
  return page;
}
