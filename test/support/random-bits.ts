import { expect } from 'chai';

/** Each bit of these many values, of 32 bytes each, is at times 0 and at times 1: of 40 random ones, all but once in 2 billion runs. */
export function expect256RandomBits(values: readonly Buffer[]): void {
  expect(values.length).to.be.at.least(40);
  expect(new Set(values.map((value) => value.length))).to.deep.equal(new Set([32]));
  const bytes = Array.from({ length: 32 }, (_byte, index) => values.map((value) => value[index]!));
  const set = bytes.map((each) => each.reduce((one, other) => one | other));
  const alwaysSet = bytes.map((each) => each.reduce((one, other) => one & other));
  expect(set, 'bits that are never set').to.deep.equal(Array(32).fill(0xff));
  expect(alwaysSet, 'bits that are always set').to.deep.equal(Array(32).fill(0));
}
