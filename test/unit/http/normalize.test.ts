import { expect } from 'chai';
import type { NextFunction, Request, Response } from 'express';
import { operationsOf } from '../../../src/http/validation/document.ts';
import { createNormalization } from '../../../src/http/validation/normalize.ts';

const capitals = '01939D3A-7C1E-7B5A-9F43-2D1F0C6A8E11';
const small = capitals.toLowerCase();

const id = { type: 'string', format: 'uuid' };
const document = {
  components: {
    schemas: {
      Id: id,
      Member: { type: 'object', properties: { id: { $ref: '#/components/schemas/Id' }, name: { type: 'string' } } },
      Group: {
        type: 'object',
        properties: {
          owner: { type: ['string', 'null'], format: 'uuid' },
          members: { $ref: '#/components/schemas/Members' },
        },
      },
      Members: { type: 'array', items: { $ref: '#/components/schemas/Member' } },
      Tree: {
        type: 'object',
        properties: { id, children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } },
      },
    },
    parameters: { GroupId: { name: 'group_id', in: 'path', schema: { $ref: '#/components/schemas/Id' } } },
  },
};

interface Input {
  parameters?: object[];
  requestBody?: object;
}

/** The normalisation steps of an operation with this input. */
function stepsOf(input: Input) {
  const contract = { ...document, paths: { '/': { get: { operationId: 'getUser', ...input } } } };
  return [...operationsOf(contract)].flatMap(({ parts }) => createNormalization(contract, parts));
}

/** The parts of a request that a handler gets. */
function read(input: Input, request: { params?: object; query?: object; headers?: object; body?: unknown }) {
  const whole = { params: {}, query: {}, headers: {}, body: undefined, ...request };
  for (const step of stepsOf(input)) {
    void step(whole as unknown as Request, Object.create(null) as Response, (() => {}) as NextFunction);
  }
  return whole;
}

const bodyOf = (schema: object) => ({ requestBody: { content: { 'application/json': { schema } } } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe('normalisation by the contract', () => {
  describe('normalises a UUID', () => {
    it('in the path', () => {
      const parameters = [{ $ref: '#/components/parameters/GroupId' }];

      expect(read({ parameters }, { params: { group_id: capitals, other: 'X' } }).params).to.deep.equal({
        group_id: small,
        other: 'X',
      });
    });

    it('in the query, once or repeated', () => {
      const parameters = [
        { name: 'user_id', in: 'query', schema: ref('Id') },
        { name: 'ids', in: 'query', schema: { type: 'array', items: ref('Id') } },
      ];

      const { query } = read({ parameters }, { query: { user_id: capitals, ids: [capitals, small], search: 'ADA' } });

      expect(query).to.deep.equal({ user_id: small, ids: [small, small], search: 'ADA' });
    });

    it('in a header, whatever the case of its name', () => {
      const parameters = [{ name: 'X-Tenant-Id', in: 'header', schema: id }];

      expect(read({ parameters }, { headers: { 'x-tenant-id': capitals } }).headers).to.deep.equal({
        'x-tenant-id': small,
      });
    });

    it('as the whole body', () => {
      expect(read(bodyOf(ref('Id')), { body: capitals }).body).to.equal(small);
    });

    it('in a body, in lists, behind references and in nullable fields', () => {
      const body = { owner: capitals, members: [{ id: capitals, name: 'ADA' }, { id: small }], note: capitals };

      expect(read(bodyOf(ref('Group')), { body }).body).to.deep.equal({
        owner: small,
        members: [{ id: small, name: 'ADA' }, { id: small }],
        note: capitals,
      });
      expect(read(bodyOf(ref('Group')), { body: { owner: null } }).body).to.deep.equal({ owner: null });
    });

    it('in a composed schema', () => {
      for (const parts of ['allOf', 'anyOf', 'oneOf']) {
        const { body } = read(bodyOf({ [parts]: [ref('Member'), ref('Group')] }), {
          body: { id: capitals, owner: capitals },
        });
        expect(body, parts).to.deep.equal({ id: small, owner: small });
      }
    });

    it('in a map', () => {
      const { body } = read(bodyOf({ type: 'object', additionalProperties: ref('Id') }), { body: { any: capitals } });

      expect(body).to.deep.equal({ any: small });
    });

    it('in a recursive schema', () => {
      const body = { id: capitals, children: [{ id: capitals, children: [{ id: capitals }] }] };

      expect(read(bodyOf(ref('Tree')), { body }).body).to.deep.equal({
        id: small,
        children: [{ id: small, children: [{ id: small }] }],
      });
    });
  });

  describe('parses only numbers as the contract defines them', () => {
    const parameters = ['query', 'path', 'header'].flatMap((place) => [
      { name: 'count', in: place, schema: { type: ['integer', 'null'] } },
      { name: 'ratio', in: place, schema: { type: 'number' } },
      { name: 'counts', in: place, schema: { type: 'array', items: { type: 'integer' } } },
    ]);
    const readQuery = (query: object) => read({ parameters }, { query }).query as Record<string, unknown>;

    for (const text of ['0', '7', '-7', '10', '100000', '9'.repeat(400)]) {
      it(`such as ${text.slice(0, 9)}`, () => {
        expect(readQuery({ count: text, ratio: text, counts: [text] })).to.deep.equal({
          count: text,
          ratio: text,
          counts: [text],
        });
      });
    }

    for (const text of [
      '1e1',
      '0x1',
      '+1',
      ' 1',
      '1 ',
      '01',
      '-01',
      '1.0',
      '-0',
      '1e400',
      '\t1',
      '1_000',
      '1n',
      '０',
      '٣',
      'Infinity',
    ]) {
      it(`not ${JSON.stringify(text)}, as an integer`, () => {
        expect(readQuery({ count: text })['count']).to.be.NaN;
        expect(readQuery({ counts: ['1', text] })['counts']).to.deep.equal(['1', NaN]);
        for (const part of ['params', 'headers'] as const) {
          expect((read({ parameters }, { [part]: { count: text } })[part] as Record<string, unknown>)['count']).to.be
            .NaN;
        }
      });
    }

    it('and leaves an empty one for validation', () => {
      expect(readQuery({ count: '', counts: [''] })).to.deep.equal({ count: '', counts: [''] });
    });

    it('with a fraction or exponent only for type `number`', () => {
      for (const text of ['1.5', '-0.5', '1e3', '1E-3']) expect(readQuery({ ratio: text })['ratio']).to.equal(text);
      for (const text of ['.5', '5.', '0x1', '+1', ' 1', '01', 'NaN'])
        expect(readQuery({ ratio: text })['ratio']).to.be.NaN;
    });

    it('and leaves numbers in a body to JSON', () => {
      const schema = { type: 'object', properties: { count: { type: 'integer' } } };

      expect(read(bodyOf(schema), { body: { count: '1e1' } }).body).to.deep.equal({ count: '1e1' });
    });
  });

  it('leaves non-UUIDs for validation to reject', () => {
    for (const wrong of [
      `{${capitals}}`,
      capitals.replaceAll('-', ''),
      `urn:uuid:${capitals}`,
      'ME',
      7,
      null,
      [capitals],
    ]) {
      expect(read(bodyOf(ref('Id')), { body: wrong }).body).to.deep.equal(wrong);
    }
    for (const wrong of [undefined, null, 'text', [capitals]]) {
      expect(read(bodyOf(ref('Member')), { body: wrong }).body).to.deep.equal(wrong);
    }
  });

  it('does nothing where there is nothing to normalise', () => {
    const search = { name: 'search', in: 'query', schema: { type: 'string' } };
    const name = { type: 'object', properties: { name: { type: 'string' } } };

    expect(stepsOf({ parameters: [search] })).to.deep.equal([]);
    expect(stepsOf(bodyOf(name))).to.deep.equal([]);
  });
});
