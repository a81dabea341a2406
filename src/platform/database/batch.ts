/**
 * Batches what is asked in one turn of the event loop into one query, sent after the last question, so answers are never stale; `ask`
 * answers in order. If it fails and `maySplit` agrees, each question is retried on its own, so one can't fail the others.
 */
export function batch<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  maySplit: (error: unknown) => boolean = () => false,
): (question: Question) => Promise<Answer> {
  let next: { readonly questions: Question[]; readonly answers: Promise<readonly Answer[]> } | undefined;

  function gather() {
    const questions: Question[] = [];
    const answers = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      next = undefined;
      return ask(questions);
    });
    return { questions, answers };
  }

  return async (question) => {
    const { questions, answers } = (next ??= gather());
    const position = questions.push(question) - 1;
    try {
      return (await answers)[position] as Answer;
    } catch (error) {
      if (!maySplit(error)) throw error;
      return (await ask([question]))[0] as Answer;
    }
  };
}

/** Asks once for all equal questions of one turn of the event loop, after the last of them; `keyOf` says which are equal. */
export function share<Question, Answer>(
  ask: (question: Question) => Promise<Answer>,
  keyOf: (question: Question) => string,
): (question: Question) => Promise<Answer> {
  const waiting = new Map<string, Promise<Answer>>();

  async function askLater(question: Question, key: string): Promise<Answer> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    waiting.delete(key);
    return ask(question);
  }

  return (question) => {
    const key = keyOf(question);
    const answer = waiting.get(key) ?? askLater(question, key);
    waiting.set(key, answer);
    return answer;
  };
}
