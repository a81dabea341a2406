/**
 * `npm run contract:diff`: lists what has changed in openapi/ since the last release (openapi/released/), and fails if that breaks
 * clients under a version that does not say so. It bundles openapi/ itself, so generated/ may be out of date.
 */
import { changeReport } from './changelog.ts';
import { versionMissing } from './contract-versions.ts';
import { changesSinceRelease } from './released.ts';

const { changes, released, current } = await changesSinceRelease();
const required = versionMissing(released, current, changes);

process.stdout.write(
  changes.length > 0 ? `Since ${released}:\n\n${changeReport(changes)}` : `Nothing changed since ${released}.\n`,
);
if (required) {
  process.stderr.write(
    `\nClients of ${released} would break, and info.version is ${current}. Either change openapi/ so that they don't (keep what was\n` +
      `there and add beside it), or say so with version ${required}: \`npm run contract:release\` for a release now, or\n` +
      `\`version: ${required}\` in openapi/openapi.yaml for a release later.\n`,
  );
  process.exitCode = 1;
}
