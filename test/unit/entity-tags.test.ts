import { expect } from 'chai';
import { entityTag, ifMatch } from '../../src/http/entity-tags.ts';

describe('entity tags', () => {
  it('are strong, and differ with each version', () => {
    expect(entityTag({ version: 1 })).to.equal('"1"');
    expect(entityTag({ version: 12 })).to.equal('"12"');
  });

  const table: [string | undefined, boolean][] = [
    [undefined, true],
    ['*', true],
    [' * ', true],
    ['"7"', true],
    [' "7" ', true],
    ['"6", "7"', true],
    ['"6","7","8"', true],
    ['"6"', false],
    ['"77"', false],
    ['7', false],
    ['W/"7"', false],
    ['"6", W/"7"', false],
    ["'7'", false],
    ['', false],
    ['"*"', false],
  ];
  for (const [header, matches] of table) {
    it(`${matches ? 'match' : 'do not match'} version 7 with If-Match: ${header ?? 'missing'}`, () => {
      expect(ifMatch(header)({ version: 7 })).to.equal(matches);
    });
  }
});
