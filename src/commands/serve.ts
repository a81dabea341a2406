import cluster from 'node:cluster';
import { loadConfig } from '../platform/config/config.ts';
import { processEnvironment } from '../platform/config/env.ts';
import { readArguments } from '../process/arguments.ts';

/** `serve`: reads its configuration, and loads the server only if that is right. */
export async function runServe(args: string[]): Promise<void> {
  readArguments('serve', args, {});
  // Our own primary runs `worker`; another one, such as pm2's, runs `serve` several times, and each process does everything.
  const hasForeignPrimary = cluster.isWorker;
  const environment = processEnvironment();
  const loaded = loadConfig(hasForeignPrimary ? { ...environment, WORKERS: '1' } : environment);
  const { serve } = await import('./serve.server.ts');
  await serve(loaded, hasForeignPrimary);
}
