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
