/** Generated people, each unique within a run. */
import { randomBytes } from 'node:crypto';

export interface Person {
  readonly email: string;
  readonly password: string;
  readonly fullName: string;
}

export function newPerson(changes: Partial<Person> = {}): Person {
  const mark = randomBytes(6).toString('hex');
  return {
    email: `person-${mark}@example.com`,
    password: `violet lantern ${randomBytes(6).toString('hex')}`,
    fullName: `Quill Person ${mark.slice(0, 4)}`,
    ...changes,
  };
}

/** A person's registration request. */
export function registration({ email, password, fullName }: Person = newPerson()) {
  return { email, password, full_name: fullName };
}
