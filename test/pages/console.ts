/** The pages below /console, opened by people with a role. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { SignedIn } from '../support/app.ts';
import { heading, signIn, type Site } from './site.ts';

/** Signs somebody in on the way to a page of the console, and waits for its title. */
export async function openConsole(
  site: Site,
  person: SignedIn,
  { path, title }: { readonly path: string; readonly title: string },
  options?: BrowserContextOptions,
): Promise<Page> {
  const page = await site.open(`/sign-in?${new URLSearchParams({ return_to: path }).toString()}`, options);
  await signIn(page, person);
  await heading(page, title).waitFor();
  return page;
}
