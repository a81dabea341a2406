/**
 * Asks for many at once: what is asked for in one turn of the event loop becomes one query, begun after the last of its questions;
 * so an answer is as fresh as that of a query of its own, and nothing is remembered. `ask` answers in the order of the questions. When
 * it fails and `maySplit` allows it, each question is asked once more by itself, so that nobody's failure is another's.
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
