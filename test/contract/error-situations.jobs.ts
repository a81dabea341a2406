import type { TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { nobodysId } from '../support/ids.ts';
import { addJob, deadJob, runningJob } from '../support/listed-jobs.ts';

/** What goes wrong with jobs, by `<response>: <example>`. */
export function jobSituations(app: TestApp): Record<string, () => Promise<Answer>> {
  const send = async (method: 'post' | 'delete', path: string) => {
    const { accessToken: token } = await app.signIn('admin');
    return app.send(method, `/jobs/${path}`, { token });
  };

  return {
    'JobNotFound: not_found': () => send('delete', nobodysId),
    'JobNotDead: job_not_dead': async () => send('delete', await addJob(app)),
    'JobRetryConflict: job_running': async () => send('post', `${await addJob(app, runningJob())}/retry`),
    async 'JobRetryConflict: job_replaced'() {
      const id = await addJob(app, { ...deadJob(), key: 'ada' });
      await addJob(app, { key: 'ada' });
      return send('post', `${id}/retry`);
    },
  };
}
