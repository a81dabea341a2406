/** A cluster worker that counts on command, for test/integration/process/status.test.ts. */
import { createMetrics } from '../../src/platform/metrics/metrics.ts';
import { reportToPrimary } from '../../src/process/status.ts';

interface Order {
  readonly order: 'login' | 'retire' | 'freeze' | 'unready';
}

let isReady = true;
const metrics = createMetrics({ version: 'test' });
const login = metrics.labelledCounter({
  name: 'latchkey_logins_total',
  help: 'Logins by outcome',
  label: 'outcome',
  values: ['success'],
});
metrics.watchProcess();
metrics.watchPool(() => ({ used: 1, idle: 2, connecting: 0, waiting: 3, max: 10 }));
const checkReadiness = async () => {
  if (!isReady) throw new Error('Not ready, as ordered.');
};
metrics.watchReadiness(checkReadiness);
const sendLastReport = reportToPrimary({ snapshot: metrics.snapshot, checkReadiness });
process.on('message', (message: unknown) => {
  if (typeof message !== 'object' || message === null || !('order' in message)) return;
  const { order } = message as Order;
  if (order === 'login') {
    login('success');
    metrics.requestStarted();
    metrics.requestEnded('login', 200, 0.02);
  } else if (order === 'unready') isReady = false;
  else if (order === 'freeze') for (;;);
  else void sendLastReport().then(() => process.exit(0));
});
process.send?.('begun');
