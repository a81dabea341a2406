/** Clients that send requests continuously on kept-alive connections and record failures. */
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

export interface SteadyLoad {
  answered(): number;
  /** Stops after the requests in flight are answered, and returns the failures. */
  stop(): Promise<string[]>;
}

/** Starts sending GET requests; any status but 200 and any cut answer is a failure. */
export function startSteadyLoad(url: string, clients: number): SteadyLoad {
  const agent = new Agent({ keepAlive: true, timeout: 30_000 });
  const failures: string[] = [];
  let answered = 0;
  let stopping = false;

  async function send(): Promise<void> {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = get(url, { agent }, (response) => {
        text(response).then(() => resolve(response.statusCode), reject);
      });
      request.on('error', reject);
    });
    if (status !== 200) throw new Error(`status ${status}`);
    answered++;
  }

  async function act(): Promise<void> {
    while (!stopping) {
      await send().catch((error: unknown) => failures.push(String(error)));
      // What starts meanwhile needs a processor, too.
      await pause(20);
    }
  }

  const acting = Promise.all(Array.from({ length: clients }, act));
  return {
    answered: () => answered,
    async stop() {
      stopping = true;
      await acting;
      agent.destroy();
      return failures;
    },
  };
}
