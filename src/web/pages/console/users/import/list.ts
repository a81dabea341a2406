import { english } from '../../../../english.ts';
import { splitCsv } from './csv.ts';

const text = english.importing.rules;

export type Role = 'user' | 'moderator' | 'admin';

/** A user to create. */
export interface Row {
  readonly line: number;
  readonly email: string;
  readonly full_name: string;
  readonly role: Role;
}

/** What keeps a line from being created. */
export interface LineFault {
  readonly line: number;
  readonly email: string;
  readonly message: string;
}

export interface UserList {
  readonly rows: readonly Row[];
  readonly faults: readonly LineFault[];
}

/** What a line says, before anybody looks whether it makes sense. */
interface Said {
  readonly line: number;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly fault?: string | undefined;
}

/** How many rows one import takes. */
export const mostRows = 5000;

const roles: readonly string[] = ['user', 'moderator', 'admin'] satisfies Role[];

/** Reads a list of users, CSV or NDJSON, and finds what is wrong with it. The service decides more strictly. */
export function readList(list: string): UserList {
  const plain = list.replace(/^\uFEFF/, '');
  const said = plain.trimStart().startsWith('{') ? readJson(plain) : readCsv(plain);
  const firsts = new Map<string, number>();
  const rows: Row[] = [];
  const faults: LineFault[] = [];
  for (const { line, email, name, role, fault } of said) {
    const first = firsts.get(email.toLowerCase());
    const message = fault ?? faultOf(email, name, role) ?? (first === undefined ? undefined : text.twice(first));
    if (message === undefined) rows.push({ line, email, full_name: name, role: toRole(role) ?? 'user' });
    else faults.push({ line, email, message });
    if (first === undefined && email !== '') firsts.set(email.toLowerCase(), line);
  }
  return { rows, faults };
}

function faultOf(email: string, name: string, role: string): string | undefined {
  if (email === '') return text.email;
  if (!/^[^@]+@[^@\s]+\.[^@\s.]+$/u.test(email) || email.length > 254) return text.emailFormat;
  if (name === '') return text.name;
  if (name.length > 100) return text.nameLength;
  return role === '' || toRole(role) ? undefined : text.role(role);
}

const toRole = (text: string) => roles.find((role) => role === text.toLowerCase()) as Role | undefined;

const fields: readonly string[] = ['email', 'full_name', 'role'];

function readJson(list: string): Said[] {
  return list.split(/\r\n|\n|\r/).flatMap((text, index) => {
    if (text.trim() === '') return [];
    return [{ line: index + 1, ...sayJson(text) }];
  });
}

function sayJson(line: string): Omit<Said, 'line'> {
  const nothing = { email: '', name: '', role: '' };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ...nothing, fault: text.json };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ...nothing, fault: text.json };
  const said = Object.entries(value).filter(([, one]) => one !== null);
  const given = new Map(
    said.map(([name, one]: [string, unknown]) => [name, typeof one === 'string' ? one.trim() : '']),
  );
  const other = said.map(([name]) => name).find((name) => !fields.includes(name));
  const fault = other === undefined ? undefined : text.field(other);
  return { email: given.get('email') ?? '', name: given.get('full_name') ?? '', role: given.get('role') ?? '', fault };
}

const headings: Partial<Record<string, 'email' | 'name' | 'role'>> = {
  email: 'email',
  'e-mail': 'email',
  'e-mail address': 'email',
  'email address': 'email',
  mail: 'email',
  name: 'name',
  full_name: 'name',
  'full name': 'name',
  role: 'role',
};

function readCsv(list: string): Said[] {
  const records = splitCsv(list);
  const [first] = records;
  if (!first) return [];
  const hasHeadings = !first.cells.some((cell) => cell.includes('@'));
  const columns = hasHeadings
    ? first.cells.map((cell) => headings[cell.trim().toLowerCase()])
    : (['email', 'name', 'role'] as const);
  if (!columns.includes('email')) return [{ line: first.line, email: '', name: '', role: '', fault: text.header }];
  return records.slice(hasHeadings ? 1 : 0).map(({ line, cells, isOpen }) => {
    const cell = (column: 'email' | 'name' | 'role') => cells[columns.indexOf(column)]?.trim() ?? '';
    const tooMany = cells.length > columns.length ? text.columns(cells.length) : undefined;
    const fault = isOpen ? text.quote : tooMany;
    return { line, email: cell('email'), name: cell('name'), role: cell('role'), fault };
  });
}
