/** Which violations of a request are reported, and where each points. */
import { expect } from 'chai';
import { newPerson, registration } from '../support/people.ts';
import { expectProblem } from '../support/problems.ts';
import { useRequests, violationsOf } from '../support/violations.ts';

describe('the places of violations', () => {
  const { app, register, list } = useRequests();
  const registerRaw = (fields: string) =>
    app.send('post', '/auth/register', {
      raw: `{${fields},${JSON.stringify(registration(newPerson())).slice(1)}`,
      headers: { 'Content-Type': 'application/json' },
    });

  it('point at the address that is taken', async () => {
    const person = await app.signIn();

    const answer = await register({ email: person.email });

    expectProblem(answer, 409, 'email_taken');
    expect(answer.body.errors).to.deep.equal([
      { pointer: '/body/email', message: 'belongs to another user', rule: 'taken' },
    ]);
  });

  it('list every problem of a query', async () => {
    const found = violationsOf(await list('colour=red&page=x&role=&sort_by=age&a[b]=1&limit=1000&is_active=true'));

    expect(found.map(({ pointer, rule }) => `${pointer} ${rule}`)).to.have.members([
      '/query/colour unknown_parameter',
      '/query/role empty_parameter',
      '/query/a[b] unknown_parameter',
      '/query/page type',
      '/query/sort_by enum',
      '/query/limit maximum',
    ]);
  });

  it('list the problems of query, headers and body together', async () => {
    const answer = await app.send('post', '/users?colour=red&shape=', {
      token: (await app.signIn('admin')).accessToken,
      headers: { 'Idempotency-Key': 'a b' },
      json: {},
    });

    expect(violationsOf(answer).map(({ pointer }) => pointer)).to.include.members([
      '/query/colour',
      '/query/shape',
      '/headers/idempotency-key',
      '/body/email',
    ]);
  });

  it('list every parameter of an operation that takes none', async () => {
    const found = violationsOf(await app.send('get', '/health?colour=red&shape='));

    expect(found.map(({ pointer }) => pointer)).to.deep.equal(['/query/colour', '/query/shape']);
  });

  it('are limited to a hundred for many parameters', async () => {
    const query = Array.from({ length: 900 }, (_none, index) => `p${index}=1`).join('&');

    for (const path of ['/users', '/health']) {
      const token = (await app.signIn('admin')).accessToken;
      expect(violationsOf(await app.send('get', `${path}?${query}`, { token }))).to.have.length(100);
    }
  });

  it('list every invalid field', async () => {
    const found = violationsOf(await register({ email: '', password: '', full_name: '', colour: 1 }));

    expect(found.map(({ pointer }) => pointer)).to.have.members([
      '/body/email',
      '/body/password',
      '/body/full_name',
      '/body/colour',
    ]);
  });

  describe('escape confusing names', () => {
    const names: Record<string, string> = {
      'a slash': 'a/b',
      'a tilde': 'a~b',
      'an escape sequence': 'a~1b~0c',
      'only slashes': '///',
      'a known field and a slash': 'email/x',
      'a control character': 'a\u0007b',
      'a line break': 'a\nb',
      'a NUL': 'a\0b',
      'an emoji': '🔑',
      nothing: '',
      'a path': '/body/email',
      ['__proto__']: '__proto__',
      constructor: 'constructor',
    };
    for (const [what, name] of Object.entries(names)) {
      it(`a field: ${what}`, async () => {
        const escaped = name.replaceAll('~', '~0').replaceAll('/', '~1');

        const found = violationsOf(await registerRaw(`${JSON.stringify(name)}:1`));

        expect(found.map(({ pointer, rule }) => [pointer, rule])).to.deep.equal([
          [`/body/${escaped}`, 'additionalProperties'],
        ]);
      });
    }

    for (const [written, escaped] of [
      ['a/b', 'a~1b'],
      ['a~b', 'a~0b'],
      ['a%2Fb', 'a~1b'],
      ['a[b]', 'a[b]'],
      ['a%00b', 'a\0b'],
    ]) {
      it(`a parameter: ${written}`, async () => {
        const found = violationsOf(await list(`${written}=1`));

        expect(found.map(({ pointer, rule }) => [pointer, rule])).to.deep.equal([
          [`/query/${escaped}`, 'unknown_parameter'],
        ]);
      });
    }

    it('a lone surrogate, which is replaced', async () => {
      const [violation] = violationsOf(await registerRaw('"a\\ud83db":1'));

      expect(violation?.pointer).to.equal('/body/a\uFFFDb');
    });

    it('a long name, truncated between characters and escapes', async () => {
      for (const [name, kept] of [
        ['x'.repeat(5000), 'x'.repeat(1018)],
        [`${'x'.repeat(1017)}🔑`, 'x'.repeat(1017)],
        [`${'x'.repeat(1017)}/y`, 'x'.repeat(1017)],
      ] as const) {
        const [violation] = violationsOf(await registerRaw(`${JSON.stringify(name)}:1`));
        expect(violation?.pointer).to.equal(`/body/${kept}`);
      }
    });

    it('thousands of names, limited to a hundred', async () => {
      const fields = Array.from({ length: 9000 }, (_none, index) => `"f${index}":1`).join(',');

      expect(violationsOf(await registerRaw(fields))).to.have.length(100);
    });
  });
});
