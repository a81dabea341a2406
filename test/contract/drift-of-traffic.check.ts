/** After a whole run: a tool that shares no code with the tests finds nothing undocumented in what they sent and got. */
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
  // Header fields of a request that the contract does not name are the client's own business, and no more than information.
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

  before('compare it with the contract', async function () {
    this.timeout(120_000);
    await rm(reportFile, { force: true });
    // It fails when it finds something, and then has written what; when it could not run, it has written nothing.
    const failure = await runRedocly('drift', exchangesFile, ...options).catch((error: unknown) => error);
    const written = await readFile(reportFile, 'utf8').catch(() => Promise.reject(failure as Error));
    report = JSON.parse(written) as Report;
  });

  it('goes to operations of the contract', () => {
    expect(report.run.documentedExchanges, 'run the whole suite first: npm test').to.be.greaterThan(50);
    expect(report.run.undocumentedExchanges, 'requests to paths or methods that openapi/paths/ lacks').to.equal(0);
  });

  it('is fully documented', () => {
    const found = report.problems.map(({ message, method, url, status, details }) => {
      return `${method} ${url} (${status}): ${message} ${JSON.stringify(details)}`;
    });
    expect(found, 'answers that openapi/paths/ does not document, or requests that it forbids').to.deep.equal([]);
  });
});
