/** After a whole run: every documented response was produced by some test. Runs on its own, on the recorded traffic. */
import { expect } from 'chai';
import { contract, resolve } from '../support/contract.ts';
import { documentOf, testOf } from '../support/places.ts';
import { readSightings } from '../support/traffic.ts';

describe('every response that the contract documents', () => {
  const seen = new Set(
    readSightings().map(({ operation, status, mediaType }) => `${operation} ${status} ${mediaType}`),
  );

  for (const item of Object.values(contract.paths)) {
    for (const operation of Object.values(item).filter((part) => 'operationId' in part)) {
      for (const [status, reference] of Object.entries(operation.responses)) {
        for (const mediaType of Object.keys(resolve(reference).content ?? { '': true })) {
          const { operationId: id } = operation;
          const response = `${id} ${status} ${mediaType}`;
          it(`${response} was produced by a test`, () => {
            const remedy = `add one to ${testOf(id)}, or take ${status} from ${documentOf(id)}`;
            expect(seen, `${id} documents ${status} ${mediaType}, but no test produced it: ${remedy}`).to.include(
              response,
            );
          });
        }
      }
    }
  }
});
