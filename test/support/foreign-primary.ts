/** A cluster primary that is not Latchkey's, like pm2's: starts two `serve` as its workers and forwards SIGTERM. */
import cluster from 'node:cluster';
import path from 'node:path';

const exec = path.join(import.meta.dirname, '..', '..', 'dist', 'server', 'main.js');
cluster.setupPrimary({ exec, args: ['serve'], execArgv: [] });
for (let count = 0; count < 2; count++) cluster.fork();
let status = 0;
cluster.on('exit', (_worker, code) => {
  status = Math.max(status, code);
  if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(status);
});
process.on('SIGTERM', () => {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGINT');
});
