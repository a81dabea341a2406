import { expect } from 'chai';
import { parseEnvFile } from '../../../src/platform/config/env-file.ts';

const parse = (text: string) => Object.fromEntries(parseEnvFile(text));

describe('a .env file', () => {
  const read: [string, string, Record<string, string>][] = [
    ['names and values', 'A=1\nB=two words\n', { A: '1', B: 'two words' }],
    ['line ends of Windows, and of old Macs', 'A=1\r\nB=2\rC=3', { A: '1', B: '2', C: '3' }],
    ['what a shell could source', 'export A=1\nexport\t B=2', { A: '1', B: '2' }],
    ['space around names and values', '\tA = 1 \n  B=2', { A: '1', B: '2' }],
    ['values in quotes', `A="a b "\nB='c # d'\nC=\`it's\``, { A: 'a b ', B: 'c # d', C: "it's" }],
    ['values over several lines', 'A="one\ntwo\\nthree"\nB=2', { A: 'one\ntwo\nthree', B: '2' }],
    ['comments, and lines without anything', '# one\n\n A=1 # two\nB= # three\n  # four', { A: '1', B: '' }],
    ['a # within a word', 'A=pa#ss', { A: 'pa#ss' }],
    ['a = in a value', 'A=b=c', { A: 'b=c' }],
    ['the last of two values', 'A=1\nA=2', { A: '2' }],
  ];
  for (const [what, text, variables] of read) {
    it(`accepts ${what}`, () => {
      expect(parse(text)).to.deep.equal(variables);
    });
  }

  const refused: [string, string, number][] = [
    ['a name without a value', 'A=1\nDATABASE_URL\nB=2', 2],
    ['YAML', 'A: 1', 1],
    ['a quote that does not end', 'B=1\nA="one\nC=2', 2],
    ['something after a quote', 'A="one"two\nB="three"', 1],
    ['no name', '=1', 1],
    ['a name that is none', '1A=1', 1],
  ];
  for (const [what, text, line] of refused) {
    it(`rejects ${what}, naming the line`, () => {
      expect(() => parse(text)).to.throw(`line ${line} is not NAME=value`);
    });
  }
});
