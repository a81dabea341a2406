/**
 * Asks for many at once: what is asked for in one turn of the event loop becomes one query, begun after the last of its questions;
 * so an answer is as fresh as that of a query of its own, and nothing is remembered. `ask` answers in the order of the questions.
 */
export function batch<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
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
    return (await answers)[position] as Answer;
  };
}
