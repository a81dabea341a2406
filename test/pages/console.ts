/** The pages below /console, opened by people with a role. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { SignedIn } from '../support/app.ts';
import { heading, type Site } from './site.ts';

/** Opens a page of the console as somebody who is signed in, and waits for its title. */
export async function openConsole(
  site: Site,
  person: SignedIn,
  { path, title }: { readonly path: string; readonly title: string },
  options?: BrowserContextOptions,
): Promise<Page> {
  const page = await site.openAs(person, path, options);
  await heading(page, title).waitFor();
  return page;
}
