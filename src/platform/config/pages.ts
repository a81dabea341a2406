import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { contrastOf, leastContrast, parseColour, readableOn, writeColour, type Colour } from '../formats/contrast.ts';
import type { EnvironmentReader } from './env.ts';
import { readOrigins } from './origins.ts';

/** The pages for people, and how they look. */
export interface PagesConfig {
  readonly logo: Logo | undefined;
  /** A colour for buttons and links, as `#rrggbb`, one for each colour scheme; `undefined` is the pages' own. */
  readonly accent: { readonly light: string; readonly dark: string } | undefined;
  /** Where links at the foot of each page lead. */
  readonly links: Readonly<Partial<Record<PagesLink, string>>>;
  /** The origins that people may be sent back to. */
  readonly returnOrigins: readonly string[];
}

export interface Logo {
  /** An absolute path. */
  readonly file: string;
  readonly type: 'image/png' | 'image/svg+xml';
}

const linkNames = ['terms', 'privacy', 'support'] as const;
export type PagesLink = (typeof linkNames)[number];

/** The backgrounds that an accent is read on, as src/web/tokens.css has them. */
export const backgrounds = { light: '#f6f5f2', dark: '#1d2023' };

const maxLogoBytes = 256 * 1024;

/** Reads PAGES and PAGES_…; `undefined` if the pages are off. */
export function readPages(env: EnvironmentReader, corsOrigins: readonly string[]): PagesConfig | undefined {
  const isOn = env.choice('PAGES', ['on', 'off'], 'on') === 'on';
  const config = {
    logo: readLogo(env),
    accent: readAccent(env),
    links: readLinks(env),
    returnOrigins: readReturnOrigins(env) ?? corsOrigins,
  };
  return isOn ? config : undefined;
}

function readReturnOrigins(env: EnvironmentReader): readonly string[] | undefined {
  const name = 'PAGES_RETURN_ORIGINS';
  return env.text(name) === undefined ? undefined : readOrigins(env, name);
}

function readLogo(env: EnvironmentReader): Logo | undefined {
  const name = 'PAGES_LOGO';
  const text = env.text(name);
  if (text === undefined) return undefined;
  const file = path.resolve(text);
  try {
    if (statSync(file).size > maxLogoBytes)
      env.refuse(name, 'names a file of more than 256 KB', 'use a smaller picture');
    else {
      const type = typeOf(readFileSync(file));
      if (type) return { file, type };
      env.refuse(name, 'names a file that is no PNG and no SVG', 'use a picture of one of these kinds');
    }
  } catch (error) {
    const { code = 'an error' } = error as NodeJS.ErrnoException;
    env.refuse(name, `names a file that cannot be read (${code})`, 'check the path and its permissions');
  }
  return undefined;
}

// By its first bytes, since a name says nothing about a file.
function typeOf(content: Buffer): Logo['type'] | undefined {
  if (content.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))) return 'image/png';
  const start = content.subarray(0, 1024).toString();
  return /^\uFEFF?\s*<(\?xml|!--|!DOCTYPE svg|svg)[\s>]/.test(start) && /<svg[\s>]/.test(content.toString())
    ? 'image/svg+xml'
    : undefined;
}

function readAccent(env: EnvironmentReader): PagesConfig['accent'] {
  const name = 'PAGES_ACCENT';
  const text = env.text(name);
  if (text === undefined) return undefined;
  const colour = parseColour(text);
  if (!colour) {
    env.refuse(name, `is "${text}"`, 'give a colour such as #0b6b5d');
    return undefined;
  }
  const [light, dark] = [backgrounds.light, backgrounds.dark].map((each) => parseColour(each)) as [Colour, Colour];
  if (contrastOf(light, colour) < leastContrast) {
    const readable = writeColour(readableOn(light, colour));
    env.refuse(name, `is ${text}, which is too light to read on a light page`, `use a darker one, such as ${readable}`);
    return undefined;
  }
  return { light: writeColour(colour), dark: writeColour(readableOn(dark, colour)) };
}

function readLinks(env: EnvironmentReader): PagesConfig['links'] {
  const name = 'PAGES_LINKS';
  const links: Partial<Record<PagesLink, string>> = {};
  for (const part of env.list(name)) {
    const [, key = '', target = ''] = /^(\w+)=(.*)$/.exec(part) ?? [];
    const link = linkNames.find((one) => one === key);
    const url = URL.canParse(target) ? new URL(target) : undefined;
    if (link && url && /^(https?|mailto):$/.test(url.protocol)) links[link] = url.href;
    else env.refuse(name, `contains "${part}"`, 'write terms=URL, privacy=URL or support=URL, separated by commas');
  }
  return links;
}
