import { expect } from 'chai';
import { canonicalUuid, isUuid, uuidsFrom } from '../../../src/platform/formats/uuid.ts';

describe('an id', () => {
  const id = '01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11';

  it('may be in capitals, with the same meaning', () => {
    expect(isUuid(id.toUpperCase())).to.equal(true);
    expect(canonicalUuid(id.toUpperCase())).to.equal(id);
    expect(canonicalUuid(id)).to.equal(id);
  });

  for (const [what, text] of [
    ['braces', `{${id}}`],
    ['no dashes', id.replaceAll('-', '')],
    ['dashes elsewhere', '0193-9d3a-7c1e-7b5a-9f43-2d1f-0c6a-8e11'],
    ['a prefix', `urn:uuid:${id}`],
    ['a space around it', ` ${id} `],
    ['a line end', `${id}\n`],
    ['a letter too many', `${id}0`],
    ['full-width digits', id.replace('0', '０')],
  ] as const) {
    it(`rejects ${what}, even where PostgreSQL doesn't`, () => {
      expect(isUuid(text)).to.equal(false);
      expect(canonicalUuid(text)).to.equal(text);
    });
  }

  for (const [text, first, last] of [
    ['01939d3a', '01939d3a-0000-0000-0000-000000000000', '01939d3a-ffff-ffff-ffff-ffffffffffff'],
    ['01939D3A-7c', '01939d3a-7c00-0000-0000-000000000000', '01939d3a-7cff-ffff-ffff-ffffffffffff'],
    ['01939d3a-7c1e-', '01939d3a-7c1e-0000-0000-000000000000', '01939d3a-7c1e-ffff-ffff-ffffffffffff'],
    [id, id, id],
  ] as const) {
    it(`may begin with ${text}`, () => {
      expect(uuidsFrom(text)).to.deep.equal({ first, last });
    });
  }

  for (const text of ['01939d3', '01939d3a7', '01939d3g', 'ada-love', `${id}0`, '']) {
    it(`begins with no "${text}", or with too few digits to tell`, () => {
      expect(uuidsFrom(text)).to.equal(undefined);
    });
  }
});
