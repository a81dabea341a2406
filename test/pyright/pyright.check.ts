/** `npm run test:pyright`: pyright, in strict mode, finds no fault in the Python client. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildPythonClient } from '../../openapi/tools/clients/python-package.ts';
import { usePythonClient } from '../support/python.ts';

describe('the Python client', function () {
  this.timeout(180_000);
  before('build it', () => buildPythonClient());
  const python = usePythonClient();

  it('passes pyright in strict mode', async () => {
    const settings = { include: ['installed/latchkey_client'], typeCheckingMode: 'strict', pythonVersion: '3.11' };
    await writeFile(path.join(python.directory, 'pyrightconfig.json'), JSON.stringify(settings));

    await python.runModule('pyright', '--pythonpath', python.program, '--project', python.directory);
  });
});
