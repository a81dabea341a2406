/** The sentences of the console about creating users, one or many. */

import { englishOfProblems } from './english.problems.ts';

const many = (count: number) => count.toLocaleString('en-GB');
const users = (count: number) => `${many(count)} ${count === 1 ? 'user' : 'users'}`;

export const englishOfCreation = {
  newUser: {
    title: 'Create a user',
    role: 'Role',
    nameHint: 'As the person wants to be called.',
    roleHints: {
      user: 'Can sign in and look after their own account.',
      moderator: 'Can look at all users, too.',
      admin: 'Can change and delete users, and create others.',
    },
    access: 'How they get in',
    invite: 'Mail them a link to choose a password',
    inviteHint: 'It works for three days and confirms the address. Until then, nobody can sign in.',
    password: 'Choose a password for them',
    passwordHint: 'They can sign in at once. No mail is sent, so tell them the password yourself.',
    action: 'Create the user',
    invited: (name: string, email: string) => ['', name, ' is created, and a link is on its way to ', email, '.'],
    created: (name: string) => ['', name, ' is created and can sign in.'],
    show: 'Look at the user',
    importHint: 'Many at once?',
    import: 'Import a list',
  },
  importing: {
    title: 'Import users',
    lead: 'From a list with addresses and names. Each gets a mail with a link to choose a password, which works for three days.',
    list: 'The list',
    listHint: (most: number) =>
      `CSV with the columns email, name and role, or NDJSON with email, full_name and role. Whoever has no role becomes a user. Paste up to ${many(most)} rows, choose a file, or drop one here.`,
    file: 'Choose a file',
    sample: 'email,name,role\ngrace@example.com,Grace Hopper,moderator\nada@example.com,Ada Lovelace,',
    check: 'Check the list',
    tooLarge: 'This file is larger than 8 MB. Use the command npm run users -- import instead',
    empty: 'Paste a list, or choose a file',
    tooLong: (count: number, most: number) =>
      `There are ${many(count)} rows; this page takes ${many(most)}. For more, and for passwords that people have already, use the command:`,
    command: 'npm run users -- import users.ndjson',
    ready: (count: number) => `${users(count)} can be created.`,
    readyNone: 'Nobody can be created from this list.',
    faulty: (count: number) =>
      count === 1 ? 'One line has a mistake and is left out.' : `${many(count)} lines have mistakes and are left out.`,
    faults: 'Lines with mistakes',
    preview: 'What will be created',
    andMore: (count: number) => `And ${many(count)} more.`,
    columns: { line: 'Line', user: 'Name and address', email: 'Address', role: 'Role', fault: 'What is wrong' },
    action: (count: number) => `Create ${users(count)} and mail them`,
    back: 'Change the list',
    progress: 'Progress of the import',
    done: (created: number, failed: number, left: number) =>
      [`${many(created)} created`, failed > 0 ? `${many(failed)} failed` : '', left > 0 ? `${many(left)} left` : '']
        .filter((part) => part !== '')
        .join(', '),
    stop: 'Stop',
    goOn: (left: number) => `Go on with the remaining ${many(left)}`,
    another: 'Import another list',
    showUsers: 'Look at the users',
    states: {
      running: 'Keep this page open.',
      waiting: (seconds: number) =>
        `The service asks to wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}. Then it goes on.`,
      offline: 'There is no connection. It goes on as soon as the connection is back.',
      stopped: 'Stopped. Nothing is lost: go on whenever you like.',
      finished: 'Done.',
    },
    failures: 'What could not be created',
    download: 'Download these lines as CSV',
    downloadName: 'users that were not created.csv',
    rules: {
      email: 'There is no e-mail address',
      emailFormat: 'The e-mail address must look like ada@example.com',
      name: 'There is no name',
      nameLength: 'The name must have at most 100 characters',
      role: (role: string) => `“${role}” is no role; there are user, moderator and admin`,
      twice: (line: number) => `Line ${line} has the same e-mail address`,
      json: 'This is not a JSON object',
      field: (field: string) => `“${field}” can’t be imported here; the command npm run users -- import takes more`,
      columns: (count: number) => `There are ${count} columns instead of up to three`,
      quote: 'A quotation mark is never closed',
      header: 'There is no column for e-mail addresses. Name the columns email, name and role',
    },
  },
  /** By the contract's rules, where the account is somebody else's. */
  rulesForOthers: {
    ...englishOfProblems.rules,
    required: (label: string) => `Enter the ${label.charAt(0).toLowerCase()}${label.slice(1)}`,
    taken: () => 'Another user has this e-mail address',
    password_contains_email: () => 'Choose a password without the name in the e-mail address',
    password_contains_name: () => 'Choose a password without the person’s name',
  },
};
