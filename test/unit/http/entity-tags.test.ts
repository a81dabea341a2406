import { expect } from 'chai';
import { entityTag, ifMatch, isNamed } from '../../../src/http/entity-tags.ts';

const ada = '01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11';
const grace = '01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e13';

describe('entity tags', () => {
  it("are strong and contain the user's id and version", () => {
    expect(entityTag({ id: ada, version: 1 })).to.equal(`"${ada}.1"`);
    expect(entityTag({ id: ada, version: 12 })).to.equal(`"${ada}.12"`);
    expect(entityTag({ id: grace, version: 1 })).to.equal(`"${grace}.1"`);
  });

  it("fit the contract's pattern even at the largest version", () => {
    expect(entityTag({ id: ada, version: 2_147_483_647 })).to.match(/^"[!#-~]{1,62}"$/);
  });

  const current = `"${ada}.7"`;
  const table: [string | undefined, boolean][] = [
    [undefined, true],
    ['*', true],
    [current, true],
    [`"6", ${current}`, true],
    [`"6",${current},"8"`, true],
    [`, ,\t${current} ,`, true],
    [`"a,b", ${current}`, true],
    [`W/${current}, ${current}`, true],
    ['"7"', false],
    ['"1"', false],
    [`"${ada}.77"`, false],
    [`"${ada}.6"`, false],
    [`"${grace}.7"`, false],
    [current.toUpperCase(), false],
    [`W/${current}`, false],
    [`"6", W/${current}`, false],
    [`"6,${ada}.7,8"`, false],
    ['"*"', false],
  ];
  for (const [header, matches] of table) {
    it(`${matches ? 'match' : 'do not match'} with If-Match: ${header ?? 'missing'}`, () => {
      expect(ifMatch(header)({ id: ada, version: 7 })).to.equal(matches);
    });
  }

  for (const [header, named] of [
    [undefined, false],
    ['*', true],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", W/"a" ,', true],
    ['"b"', false],
    ['a', false],
    ['', false],
  ] as const) {
    it(`If-None-Match ${header ?? 'left out'} ${named ? 'names' : "doesn't name"} the tag "a"`, () => {
      expect(isNamed(header, '"a"')).to.equal(named);
    });
  }
});
