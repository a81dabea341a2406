const repeatMs = 1000;

/**
 * Resolves with the first of these signals. A second one exits at once, unless it comes within a second: a terminal and npm both
 * forward Ctrl-C, so one press arrives twice.
 */
export function waitForSignal(...names: NodeJS.Signals[]): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const receive = (name: NodeJS.Signals) => {
      first ??= Date.now();
      if (Date.now() - first > repeatMs) process.exit(1);
      resolve(name);
    };
    for (const name of names) process.on(name, receive);
  });
}
