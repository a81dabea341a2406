import type { Handler } from '../../../http/operation.ts';
import { violation } from '../../../platform/violations.ts';
import type { createChallengeAnswersService } from '../challenge-answers.service.ts';
import { toWireLogin } from '../sign-in.wire.ts';

type Answers = Pick<ReturnType<typeof createChallengeAnswersService>, 'answer'>;

export function answerChallenge(answers: Answers): Handler<'answerChallenge'> {
  return async ({ body: { challenge_token: token, factor, code }, client }) => {
    if (code === undefined) throw violation(['body', 'code'], 'required');
    const tokens = await answers.answer({ token, typed: { factor, code } }, client);
    return { status: 200, headers: {}, body: toWireLogin(tokens) };
  };
}
