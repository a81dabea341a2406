/** Random requests: valid ones are answered as the contract says, invalid ones are refused as it says. */
import { expect } from 'chai';
import fc from 'fast-check';
import { useApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { fuzzParameters, fuzzTimeout, fuzzTitle } from '../support/fuzz.ts';
import { brokenRequest, fittingRequest, sendMadeUp } from './made-up-requests.ts';
import { allowedRequest, bodySchema, operations, type Described, type SampleRequest } from './requests.ts';

// These rules may refuse requests that fit the schemas: a code, say, is required of some factors only.
const beyondSchemas =
  /^((password|passkey|picture)_[a-z_]+|code_wrong|mixed_scripts|required|well_formed|cursor|minLength|maxLength)$/;

describe(`requests generated from the contract ${fuzzTitle}`, function () {
  this.timeout(fuzzTimeout(120_000));
  const app = useApp();

  for (const operation of operations) {
    describe(operation.id, () => describeFuzz(operation));
  }

  function describeFuzz(operation: Described): void {
    let sample: SampleRequest;

    beforeEach('make a valid request', async () => {
      sample = await allowedRequest(operation, app);
    });

    it('answers valid requests as documented', async () => {
      const fresh = fc.integer({ min: 0, max: 9 }).map((number) => number === 0);
      const property = fc.asyncProperty(fresh, fittingRequest(operation), async (anew, made) => {
        if (!anew) return expectAnswer(await sendMadeUp(app, operation, sample, made));
        // With real people, so that some requests succeed.
        const { query, headers, json } = made;
        const real = await allowedRequest(operation, app);
        const body = json && { json: isOneOf(operation) ? real.json : { ...json, ...real.json } };
        expectAnswer(await sendMadeUp(app, operation, real, { query, headers, ...body }));
      });
      await fc.assert(property, fuzzParameters());
    });

    it('refuses invalid requests as documented', async () => {
      const property = fc.asyncProperty(brokenRequest(operation), async ({ statuses, ...made }) => {
        const { status, body } = await sendMadeUp(app, operation, sample, made);
        expect(status, JSON.stringify(body)).to.be.oneOf(statuses);
      });
      await fc.assert(property, fuzzParameters());
    });
  }

  function expectAnswer({ status, body }: Answer): void {
    expect(status, JSON.stringify(body)).to.be.below(500).and.not.be.oneOf([405, 413, 415]);
    // Nobody can make up what was mailed.
    if (status !== 400 || body.code === 'invalid_one_time_secret') return;
    const rules = ((body.errors ?? []) as { rule: string }[]).map(({ rule }) => rule);
    expect(
      rules.filter((rule) => !beyondSchemas.test(rule)),
      JSON.stringify(body),
    ).to.deep.equal([]);
    expect(rules).not.to.be.empty;
  }
});

/** Whether the body has one of several fields, so that no other may join a real one. */
function isOneOf(operation: Described): boolean {
  return 'maxProperties' in bodySchema(operation);
}
