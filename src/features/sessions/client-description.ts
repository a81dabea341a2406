import Bowser from 'bowser';

/** What a client calls itself, for people to recognise it. */
export interface ClientDescription {
  readonly device: string | null;
  readonly browser: string | null;
}

/** Describes a client by its `User-Agent` header, which may claim anything. */
export function describeClient(userAgent: string | undefined): ClientDescription {
  if (!userAgent) return { device: null, browser: null };
  const { browser, os, platform } = Bowser.parse(userAgent);
  return { device: shown(platform.model ?? deviceOf(os.name, platform.type)), browser: browserOf(browser, userAgent) };
}

// Versions are left out: browsers freeze them, so that Windows 11 says 10.
function deviceOf(system: string | undefined, type: string | undefined): string | undefined {
  if (system === 'Android') return type === 'tablet' ? 'Android tablet' : 'Android phone';
  return system;
}

function browserOf({ name, version }: Bowser.Parser.Details, userAgent: string): string | null {
  // The first product is the program, unless it is what all browsers call themselves (RFC 9110, section 10.1.5).
  const [, product, number] = /^([A-Za-z][\w.+-]*)(?:\/(\d+))?/.exec(userAgent) ?? [];
  const program =
    name && name !== 'Mozilla' ? { name, major: version?.split('.')[0] } : { name: product, major: number };
  if (!program.name || program.name === 'Mozilla') return null;
  return shown([program.name, program.major].filter(Boolean).join(' '));
}

// In one line, and no longer than the contract says.
function shown(text: string | undefined): string | null {
  return text ? text.replaceAll(/\s+/g, ' ').slice(0, 100) : null;
}
