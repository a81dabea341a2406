/** After a whole run: a tool that shares no code with the tests checks their traffic against the contract. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { runRedocly } from '../../openapi/tools/redocly.ts';
import { exchangesFile } from '../support/traffic.ts';

const reportFile = path.join(path.dirname(exchangesFile), 'drift.json');
const options = [
  '--api=generated/openapi.json',
  '--traffic-format=ndjson',
  '--match-mode=basepath',
  // Clients may send headers that the contract doesn't name; the tool reports those as information.
  '--min-severity=warning',
  '--format=json',
  `--output=${reportFile}`,
];

interface Report {
  readonly run: { readonly documentedExchanges: number; readonly undocumentedExchanges: number };
  readonly problems: readonly { message: string; method: string; url: string; status: number; details?: unknown }[];
}

describe('the traffic of the tests', () => {
  let report: Report;

  before('compare the traffic with the contract', async function () {
    this.timeout(120_000);
    await rm(reportFile, { force: true });
    // It exits with 1 when it finds something, but writes its report; without a report it could not run.
    const failure = await runRedocly('drift', exchangesFile, ...options).catch((error: unknown) => error);
    const written = await readFile(reportFile, 'utf8').catch(() => Promise.reject(failure as Error));
    report = JSON.parse(written) as Report;
  });

  it('goes only to documented operations', () => {
    expect(report.run.documentedExchanges, 'run the whole suite first: npm test').to.be.greaterThan(50);
    expect(report.run.undocumentedExchanges, 'document these paths and methods in openapi/paths/').to.equal(0);
  });

  it('is fully documented', () => {
    const found = report.problems.map(({ message, method, url, status, details }) => {
      return `${method} ${url} (${status}): ${message} ${JSON.stringify(details)}`;
    });
    expect(found, 'document these responses in openapi/paths/, or correct the requests').to.deep.equal([]);
  });
});
