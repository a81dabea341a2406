import { expect } from 'chai';
import { readArguments } from '../../../src/process/arguments.ts';
import { usages } from '../../../src/process/usage.ts';

const options = {
  email: { type: 'string' },
  name: { type: 'string' },
  file: { type: 'string' },
  yes: { type: 'boolean' },
  force: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

const messageOf = (command: string, args: string[]): string => {
  try {
    readArguments(command, args, options);
  } catch (error) {
    return (error as Error).message;
  }
  return 'understood';
};

describe('the arguments of a command', () => {
  for (const [command, args] of [
    ['admin', ['create', '--email', 'a@example.com', '--name', 'A']],
    ['admin', ['promote', 'a@example.com', '--yes']],
    ['admin', ['list']],
    ['migrate', []],
    ['migrate', ['status']],
    ['doctor', ['--json', '--json']],
    ['keys', ['retire', 'one', 'another', '--force', '--file', 'keys.pem']],
    ['serve', []],
  ] as const) {
    it(`may be ${[command, ...args].join(' ')}`, () => {
      expect(messageOf(command, [...args])).to.equal('understood');
    });
  }

  for (const [command, args, wrong, usage] of [
    ['admin', [], 'say what admin should do', 'create'],
    ['admin', ['remove'], 'admin can\'t do "remove"', 'create'],
    ['admin', ['create', '--name', 'A'], '--email is missing', 'create'],
    ['admin', ['create', '--name', 'A', '--email'], '--email needs a value', 'create'],
    ['admin', ['create', '--name', 'A', '--email', '--yes'], '--email needs a value', 'create'],
    ['admin', ['create', '--name', '', '--email', 'a'], '--name needs a value', 'create'],
    ['admin', ['create', '--email', 'a', '--email=b', '--name', 'A'], '--email is given twice', 'create'],
    ['admin', ['promote'], 'ADDRESS|ID is missing', 'promote'],
    ['admin', ['promote', ''], 'ADDRESS|ID is missing', 'promote'],
    ['admin', ['promote', 'a', 'b'], 'admin promote can\'t use "b"', 'promote'],
    ['admin', ['demote', 'a', '--yes'], 'admin demote has no option --yes', 'demote'],
    ['admin', ['list', '--json=yes'], '--json takes no value', 'create'],
    ['admin', ['list', '--jsno'], 'there is no option --jsno', 'create'],
    ['admin', ['list', '-x'], 'there is no option -x', 'create'],
    ['migrate', ['sideways'], 'migrate can\'t do "sideways"', ''],
    ['migrate', ['--yes'], 'migrate has no option --yes', ''],
    ['migrate', ['status', '--yes'], 'migrate status has no option --yes', 'status'],
    ['migrate', ['schema', '--yes'], 'migrate schema has no option --yes', 'schema'],
    ['migrate', ['--force'], 'migrate has no option --force', ''],
    ['doctor', ['--json', 'now'], 'doctor can\'t use "now"', '[--json]'],
  ] as const) {
    it(`may not be ${[command, ...args].join(' ')}: ${wrong}`, () => {
      const [said, use = ''] = messageOf(command, [...args]).split('; use: ');
      expect(said).to.equal(wrong);
      expect(use).to.include(usage).and.include(command);
    });
  }

  it('may have only the forms that the help shows, each action once', () => {
    for (const [command, { args: forms }] of Object.entries(usages)) {
      const actions = forms.map((form) => /^[a-z]*/.exec(form)?.[0]);
      expect(new Set(actions).size, command).to.equal(forms.length);
    }
  });
});
