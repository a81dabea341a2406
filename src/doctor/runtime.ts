import { fail, ok, warn, type Finding } from './findings.ts';

const oldest = [20, 19] as const;
const tested = [20, 22, 24];

/** Whether this Node.js is one that Latchkey runs on, and told that this is production. */
export function checkRuntime(nodeVersion: string, environment: string | undefined): Finding[] {
  return [checkNode(nodeVersion), checkEnvironment(environment)];
}

function checkNode(nodeVersion: string): Finding {
  const [major = 0, minor = 0] = nodeVersion.replace('v', '').split('.').map(Number);
  const remedy = `use Node.js ${tested.join(', ')}`;
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    return fail('node', `Node.js ${nodeVersion} is older than ${oldest.join('.')}`, remedy);
  }
  if (!tested.includes(major)) return warn('node', `Latchkey is not tested on Node.js ${nodeVersion}`, remedy);
  return ok('node', `Node.js ${nodeVersion} is supported`);
}

function checkEnvironment(environment: string | undefined): Finding {
  if (environment === 'production') return ok('environment', 'NODE_ENV is production');
  const remedy = 'set NODE_ENV=production; the other checks read the configuration as if it were set';
  return fail('environment', `NODE_ENV is ${environment ?? 'not set'}, so that nothing unsafe is refused`, remedy);
}
