import { expect } from 'chai';
import { inspect } from 'node:util';
import { UniqueViolationError } from 'objection';
import { ServiceError } from '../../../src/platform/errors.ts';
import type { LogOutput } from '../../../src/platform/log/log-output.ts';
import { createLog, describeError } from '../../../src/platform/log/log.ts';

describe('log', () => {
  it("logs an error's name, message and stack", () => {
    const error = new TypeError('x is not a function');

    expect(describeError(error)).to.deep.equal({ type: 'TypeError', message: error.message, stack: error.stack });
  });

  it('logs the code and constraint of a database error, but not the row', () => {
    const nativeError = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(vera@example.com) already exists.',
      table: 'users',
      constraint: 'users_email_key',
    });
    const wrapper = {
      nativeError,
      client: 'postgres',
      table: 'users',
      columns: ['email'],
      constraint: 'users_email_key',
    };
    const error: unknown = Reflect.construct(UniqueViolationError, [wrapper]);

    const described = describeError(error);

    expect(described).to.have.all.keys('type', 'message', 'stack', 'constraint');
    expect(described['constraint']).to.equal('users_email_key');
    expect(JSON.stringify(described)).not.to.include('vera');
    expect(describeError(nativeError)).to.have.all.keys('type', 'message', 'stack', 'code', 'constraint');
  });

  it('omits other fields of an error', () => {
    const error = Object.assign(new Error('refused'), {
      config: { headers: { authorization: 'Bearer abc' } },
      request: { body: { password: 'hunter2' } },
      password: 'hunter2',
    });

    const described = JSON.stringify(describeError(error));

    expect(described).not.to.include('hunter2');
    expect(described).not.to.include('Bearer');
  });

  it('logs nested causes by the same rules', () => {
    const root = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', password: 'hunter2' });
    const error = new ServiceError('service_unavailable', { cause: new Error('no connection', { cause: root }) });

    const described = describeError(error) as { cause: { cause: object } };

    expect(described.cause).to.include({ message: 'no connection' });
    expect(described.cause.cause).to.include({ message: 'refused', code: 'ECONNREFUSED' });
    expect(described.cause.cause).not.to.have.property('password');
  });

  for (const thrown of ['hunter2', { password: 'hunter2' }, undefined, null]) {
    it(`omits ${inspect(thrown)}, which isn't an error`, () => {
      expect(describeError(thrown)).to.deep.equal({ message: 'something that is not an error was thrown' });
    });
  }

  for (const format of ['json', 'pretty'] as const) {
    it(`can be silenced as ${format}`, () => {
      const log = createLog({ level: 'silent', format });

      expect(() => log.fatal({ err: new Error('nobody hears it') }, 'silence')).not.to.throw();
    });
  }

  it('keeps a value with line breaks in its line, so that nobody forges another', () => {
    const forged = `ada\r\n{"level":30,"msg":"forged"}\u2028\u0085`;
    const lines: string[] = [];
    const output = { write: (text: string) => lines.push(text), flushSync: () => {} } as unknown as LogOutput;
    const log = createLog({ level: 'info', format: 'json' }, output);

    log.warn({ path: forged, [forged]: 1, err: new Error(forged) }, forged);

    const written = lines.join('');
    expect(written.trimEnd()).to.not.match(/[\r\n]/);
    expect(JSON.parse(written)).to.include({ msg: forged, path: forged, [forged]: 1 });
  });
});
