import { fullNamePattern, normalizeFullName } from '../../src/platform/formats/full-name.ts';
import { contract } from './contract.ts';

const { maxLength } = contract.components['schemas']!['FullName'] as { maxLength: number };
const rule = new RegExp(fullNamePattern, 'u');

/** Whether a text is a valid name once normalised. */
export function isFullName(text: string): boolean {
  const name = normalizeFullName(text);
  return Array.from(name).length <= maxLength && rule.test(name);
}
