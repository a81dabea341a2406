import type { components } from '../../../../generated/openapi.ts';
import type { Handler } from '../../../http/operation.ts';
import { violation } from '../../../platform/violations.ts';
import type { createChallengeAnswersService, SecondProof } from '../challenge-answers.service.ts';
import type { LoginWire } from '../sign-in.wire.ts';

type Answers = Pick<ReturnType<typeof createChallengeAnswersService>, 'answer'>;

export function answerChallenge(answers: Answers, wire: LoginWire): Handler<'answerChallenge'> {
  return async ({ body, headers, client }) => {
    const tokens = await answers.answer({ token: body.challenge_token, proof: proofIn(body) }, client);
    return wire.reply(headers, tokens);
  };
}

function proofIn({ factor, code, credential }: components['schemas']['ChallengeAnswer']): SecondProof {
  if (factor === 'passkey') {
    if (credential === undefined) throw violation(['body', 'credential'], 'required');
    return { factor, credential };
  }
  if (code === undefined) throw violation(['body', 'code'], 'required');
  return { factor, code };
}
