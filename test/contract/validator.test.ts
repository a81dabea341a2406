/** The contract check that all tests rely on: real answers pass, and each tampered one fails. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { checkAgainstContract, type ReceivedResponse } from '../support/contract.ts';

interface Parts {
  status: number;
  url: string;
  method: string;
  headers: Record<string, string | undefined>;
  body: Record<string, unknown>;
}

describe('checkAgainstContract', () => {
  const app = useApp();
  let user: ReceivedResponse;
  let problem: ReceivedResponse;
  let empty: ReceivedResponse;
  let unknown: ReceivedResponse;

  before('receive real answers', async () => {
    const { accessToken: token } = await app.signIn();
    const receive = async (method: 'get' | 'post', path: string, sent?: string): Promise<ReceivedResponse> => {
      const { status, headers, bytes } = await app.sendOutside(method, path, { token: sent });
      return { method: method.toUpperCase(), url: path, status, headers, body: bytes };
    };
    user = await receive('get', '/api/v1/auth/me', token);
    problem = await receive('get', '/api/v1/auth/me');
    unknown = await receive('get', '/api/v1/nothing');
    empty = await receive('post', '/api/v1/auth/logout', token);
  });

  it('passes real answers', () => {
    expect([user, problem, empty, unknown].map(({ status }) => status)).to.deep.equal([200, 401, 204, 404]);
    for (const answer of [user, problem, empty, unknown]) checkAgainstContract(answer);
  });

  const tampered: Record<string, [() => ReceivedResponse, (parts: Parts) => void, RegExp]> = {
    'an undocumented status': [() => user, (parts) => (parts.status = 202), /does not document 202/],
    'a status of another operation': [() => problem, (parts) => (parts.status = 404), /does not document 404/],
    'an undocumented field': [() => user, ({ body }) => (body['password_hash'] = '$2b$'), /additional properties/],
    'a missing field': [() => user, ({ body }) => delete body['email'], /required property 'email'/],
    'a field of another type': [() => user, ({ body }) => (body['is_active'] = 'true'), /is_active must be boolean/],
    'a field of another format': [() => user, ({ body }) => (body['created_at'] = 'today'), /created_at must match/],
    'a value outside its enum': [() => user, ({ body }) => (body['role'] = 'root'), /role must be equal to one/],
    'a missing header': [() => user, ({ headers }) => delete headers['etag'], /lacks the header ETag/],
    'an invalid header': [() => user, ({ headers }) => (headers['etag'] = 'W/1'), /the header ETag: W\/1/],
    'an undocumented header': [
      () => user,
      ({ headers }) => (headers['x-powered-by'] = 'x'),
      /has the header x-powered-by/,
    ],
    'a header of another operation': [
      () => user,
      ({ headers }) => (headers['location'] = '/'),
      /has the header location/,
    ],
    'another media type': [
      () => user,
      ({ headers }) => (headers['content-type'] = 'text/html'),
      /media type "text\/html"/,
    ],
    'no media type': [() => user, ({ headers }) => delete headers['content-type'], /media type ""/],
    'a problem with another status': [() => problem, ({ body }) => (body['status'] = 403), /the problem says 403/],
    'a problem with an unknown code': [
      () => problem,
      ({ body }) => (body['code'] = 'oops'),
      /code must be equal to one/,
    ],
    'a problem whose type and code differ': [
      () => problem,
      ({ body }) => (body['type'] = 'https://latchkey.test/problems/forbidden'),
      /type and code differ/,
    ],
    'a problem of another request': [
      () => problem,
      ({ headers }) => (headers['x-request-id'] = 'other'),
      /another request/,
    ],
    'a problem that may be cached': [() => problem, ({ headers }) => delete headers['cache-control'], /may be cached/],
    'a 401 without a challenge': [
      () => problem,
      ({ headers }) => delete headers['www-authenticate'],
      /WWW-Authenticate/,
    ],
    'a success of an undocumented operation': [() => unknown, (parts) => (parts.status = 200), /no such operation/],
    'a 405 without Allow': [
      () => unknown,
      (parts) => {
        parts.status = 405;
        parts.body['status'] = 405;
      },
      /has no Allow/,
    ],
  };
  for (const [what, [original, change, message]] of Object.entries(tampered)) {
    it(`throws on ${what}`, () => {
      const { body, headers, ...rest } = original();
      const parts = {
        ...rest,
        headers: { ...headers } as Parts['headers'],
        body: JSON.parse(body.toString()) as Parts['body'],
      };
      change(parts);
      const changed = { ...parts, body: Buffer.from(JSON.stringify(parts.body)) };
      expect(() => checkAgainstContract(changed)).to.throw(message);
    });
  }

  it('throws on an undocumented body and on a missing one', () => {
    expect(() => checkAgainstContract({ ...empty, body: Buffer.from('{}') })).to.throw(/has a body/);
    expect(() => checkAgainstContract({ ...user, body: Buffer.alloc(0) })).to.throw(/not JSON in UTF-8/);
  });

  it('throws on bytes that are not UTF-8', () => {
    const broken = Buffer.from(user.body);
    broken[broken.indexOf('Quill')] = 0xff;
    expect(() => checkAgainstContract({ ...user, body: broken })).to.throw(/not JSON in UTF-8/);
  });
});
