/** Strangers who guess at an account, without the cost of hashing. */
import type { TestApp } from './app.ts';

/** Wrong guesses at an account, each from another network. */
export async function guessFromEverywhere(app: Pick<TestApp, 'context'>, email: string, count: number): Promise<void> {
  const { service } = app.context.features.guessing;
  for (let network = 0; network < count; network++) {
    await service.check({ email, client: { address: `203.0.113.${network}` } }, async () => false);
  }
}
