/** Statuses that mean the same for every operation; see security, faults and rate-limits.test.ts for the others. */
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { maximumBodyBytes } from '../../src/http/body.ts';
import { useApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { nobodysId } from '../support/ids.ts';
import { request } from './raw.ts';
import {
  allowedRequest,
  expectSuccess,
  operations,
  sampleRequest,
  send,
  withBody,
  type Described,
} from './requests.ts';

const documenting = (status: number) => operations.filter(({ statuses }) => statuses.includes(status));

describe('the status', () => {
  const app = useApp();
  let bomb: Buffer;
  before('compress 20 MB', () => {
    bomb = gzipSync(paddedJson({}, 20_000_000));
    expect(bomb.length).to.be.lessThan(maximumBodyBytes);
  });

  describe('400', () => {
    for (const operation of operations) {
      it(`answers an unknown parameter of ${operation.id}`, async () => {
        const { status, body } = await send(app, {
          ...(await allowedRequest(operation, app)),
          query: { colour: 'red' },
        });

        expect([status, body.code]).to.deep.equal([400, 'validation_failed']);
        expect(body.errors).to.have.length(1);
        expect(body.errors[0]).to.include({ pointer: '/query/colour', rule: 'unknown_parameter' });
      });
    }
  });

  describe('404', () => {
    for (const operation of documenting(404).filter(({ path }) => path.includes('{'))) {
      it(`answers an unknown id of ${operation.id} and says what wasn't found`, async () => {
        const sample = await sampleRequest(operation.id, app);
        const { accessToken: token } = await app.signIn('admin');
        const path = operation.path.replaceAll(/\{\w+\}/g, nobodysId);
        const { status, body } = await send(app, { ...sample, path, token });

        const remedy = `${operation.id} documents 404: throw \`not_found\` with a detail, such as "There is no user with this id."`;
        expect([status, body.code], remedy).to.deep.equal([404, 'not_found']);
        expect(body.detail, remedy).to.match(/^There is no [\w ]+ with this id\.$/);
      });
    }
  });

  describe('412', () => {
    for (const operation of documenting(412)) {
      it(`answers a stale If-Match of ${operation.id} and changes nothing`, async () => {
        const sample = await allowedRequest(operation, app);
        const read = () => app.send('get', sample.path, { token: sample.token });
        const before = await read();

        for (const tag of ['"0"', `W/${before.headers['etag']!}`]) {
          const { status, body } = await send(app, { ...sample, headers: { 'If-Match': tag } });
          const remedy = `${operation.id} documents 412: compare If-Match with the version that it changes (src/http/entity-tags.ts)`;
          expect([status, body.code], remedy).to.deep.equal([412, 'precondition_failed']);
        }
        expect((await read()).body).to.deep.equal(before.body);

        expectSuccess(operation, await send(app, { ...sample, headers: { 'If-Match': before.headers['etag']! } }));
      });
    }
  });

  describe('413', () => {
    for (const operation of withBody) {
      it(`answers one byte too many for ${operation.id}`, async () => {
        const { status, body } = await sendRaw(operation, paddedJson({}, maximumBodyBytes + 1));
        expect([status, body.code]).to.deep.equal([413, 'content_too_large']);
      });

      it(`isn't the answer to the largest allowed body of ${operation.id}`, async () => {
        const sample = await allowedRequest(operation, app);
        const answer = await app.send(sample.method, sample.path, {
          token: sample.token,
          headers: { 'Content-Type': 'application/json' },
          raw: paddedJson(sample.json!, maximumBodyBytes),
        });
        expectSuccess(operation, answer);
      });

      it(`answers one byte too many for ${operation.id} in chunks`, async () => {
        const bytes = paddedJson({}, maximumBodyBytes + 1);
        const body = Buffer.concat([
          Buffer.from(`${bytes.length.toString(16)}\r\n`),
          bytes,
          Buffer.from('\r\n0\r\n\r\n'),
        ]);
        const headers = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
        expect((await sendByHand(operation, headers, body)).status).to.equal(413);
      });

      it(`answers a gzip bomb for ${operation.id}`, async () => {
        const { status, body } = await sendRaw(operation, bomb, { 'Content-Encoding': 'gzip' });
        expect([status, body.code]).to.deep.equal([413, 'content_too_large']);
      });
    }
  });

  describe('415', () => {
    const others = [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      'text/json',
      'application/jsonp',
      'application/problem+json',
      'application/xml',
      'application/json; charset=utf-16',
      'application/json; charset=iso-8859-1',
      'application/json; charset=latin1',
      'application/json; charset=utf-7',
      'application/json; charset="utf 8"',
      'application/json, application/json',
      'application/*',
      '*/*',
      'json',
    ];
    for (const operation of withBody) {
      it(`answers any media type but JSON in UTF-8 for ${operation.id}`, async () => {
        const { method, path, token, json } = await allowedRequest(operation, app);
        for (const type of others) {
          const call = { token, raw: JSON.stringify(json), headers: { 'Content-Type': type } };
          const { status, body } = await app.send(method, path, call);
          expect([type, status, body.code]).to.deep.equal([type, 415, 'unsupported_media_type']);
        }
      });

      it(`answers a body without Content-Type for ${operation.id}`, async () => {
        const bytes = JSON.stringify((await sampleRequest(operation.id, app)).json);
        const { status } = await sendByHand(operation, [`Content-Length: ${bytes.length}`], bytes);
        expect(status).to.equal(415);
      });

      it(`answers an unknown Content-Encoding for ${operation.id}`, async () => {
        const { status } = await sendRaw(operation, '{}', { 'Content-Encoding': 'zip' });
        expect(status).to.equal(415);
      });

      it(`isn't the answer to any spelling of JSON in UTF-8 for ${operation.id}`, async () => {
        const types = [
          'application/json; charset=utf-8',
          'application/json; charset=utf8',
          'Application/JSON;charset="UTF-8"',
          'application/json; profile="a;charset=latin1"; CharSet=UTF8;',
          'application/json;odata.metadata=none',
        ];
        for (const type of types) {
          const { token, json, ...sample } = await allowedRequest(operation, app);
          const { status } = await app.send(sample.method, sample.path, {
            token,
            headers: { 'Content-Type': type },
            raw: JSON.stringify(json),
          });
          expect([type, status]).to.deep.equal([type, operation.success]);
        }
      });
    }
  });

  /** Sends a body as raw bytes. */
  async function sendRaw(
    operation: Described,
    raw: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { method, path, token } = await allowedRequest(operation, app);
    return app.send(method, path, { token, raw, headers: { 'Content-Type': 'application/json', ...headers } });
  }

  async function sendByHand(operation: Described, headers: string[], body: string | Uint8Array) {
    const { method, path, token } = await allowedRequest(operation, app);
    const all = token === undefined ? headers : [`Authorization: Bearer ${token}`, ...headers];
    return request(app, `${method.toUpperCase()} /api/v1${path}`, all, body);
  }
});

/** A JSON object, padded with spaces to a length in bytes. */
function paddedJson(value: object, length: number): Buffer {
  const text = JSON.stringify(value);
  return Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.alloc(length - text.length, ' '), Buffer.from('}')]);
}
