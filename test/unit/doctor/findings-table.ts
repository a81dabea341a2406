/** A test for each row of a table of findings. */
import { expect } from 'chai';
import type { Finding } from '../../../src/platform/findings.ts';

/** A case, its finding, the expected result such as `fail tls`, and a pattern of the reason. */
export type Row = readonly [what: string, finding: Finding | undefined, result: string, words: RegExp];

export function table(rows: readonly Row[]): void {
  for (const [what, finding, result, words] of rows) {
    it(`reports ${result}: ${what}`, () => {
      expect(`${finding?.result ?? 'no'} ${finding?.check ?? 'finding'}`).to.equal(result);
      if (!finding) return;
      expect(finding.reason).to.match(words);
      expect(finding.remedy === undefined).to.equal(finding.result === 'ok');
    });
  }
}
