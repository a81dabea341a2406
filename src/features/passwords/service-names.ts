import { isIP } from 'node:net';

// Second-level domains under which names are registered, as in `example.co.uk`.
const publicLevels = new Set(['ac', 'co', 'com', 'edu', 'gov', 'net', 'org']);

// Shorter names are part of too many words.
const minNameLength = 4;

/** The names of a service that nobody may use in a password (ASVS 6.1.2): what it calls itself, and the registered part of its host. */
export function serviceNamesOf(names: readonly string[], publicUrl: string): string[] {
  const all = [...names, publicUrl].map((text) => (URL.canParse(text) ? registeredName(new URL(text).hostname) : text));
  return [...new Set(all)].filter((name) => Array.from(name).length >= minNameLength);
}

function registeredName(host: string): string {
  if (isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0) return '';
  const labels = host.split('.').slice(0, -1);
  while (labels.length > 1 && publicLevels.has(labels.at(-1) ?? '')) labels.pop();
  return labels.at(-1) ?? '';
}
