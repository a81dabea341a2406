/** Strangers who guess at an account, without the cost of hashing. */
import type { TestApp } from './app.ts';

/** Wrong guesses at an account, each from another network. */
export async function guessFromEverywhere(app: Pick<TestApp, 'context'>, email: string, count: number): Promise<void> {
  const { guessing, users } = app.context.features;
  const userId = (await users.service.findByEmail(email))?.user.id;
  for (let network = 0; network < count; network++) {
    const guess = { email, userId, client: { address: `203.0.113.${network}` } };
    await guessing.service.check(guess, async () => false);
  }
}

/** As many wrong guesses, by the holder of a session and by strangers, as an account takes. */
export async function exhaustGuesses(
  app: Pick<TestApp, 'context'>,
  { email, sessionId }: { readonly email: string; readonly sessionId: string },
): Promise<void> {
  const { context } = app;
  for (let failure = 0; failure <= 100; failure++) {
    const guess = { email, userId: undefined, client: { address: '203.0.113.1' }, device: sessionId };
    await context.features.guessing.service.check(guess, async () => false);
    // The pauses between them are over; the last counts as one of a stranger besides.
    await context.database.pool('guess_counts').update({ retry_at: null });
  }
  await guessFromEverywhere(app, email, 99);
}
