import { useEffect, useState } from 'preact/hooks';
import { ProblemError } from '../../../openapi/clients/typescript/index.ts';
import { canUsePasskeys } from '../configuration.ts';
import { english } from '../english.ts';
import type { ProofRequest } from '../proofs.ts';
import { useServices } from '../services.ts';
import { Button } from './button.tsx';
import { CodeField } from './code-field.tsx';
import { Deed } from './deed.tsx';
import { Dialog } from './dialog.tsx';
import { HiddenUsername } from './field.tsx';
import { Form } from './form.tsx';
import { PasswordField } from './password-field.tsx';

const text = english.proof;

type Challenge = NonNullable<ProblemError['challenge']>;

export interface ProofDialogProps {
  /** Who has to prove themselves. */
  readonly email: string;
  readonly hasPasskey: boolean;
}

/**
 * Asks who sits there for a proof, over the page, whenever an operation needs a recent one, or to sign in again when the session has ended.
 * The page then goes on with what was typed.
 */
export function ProofDialog(props: ProofDialogProps) {
  const { proofs } = useServices();
  const [request, setRequest] = useState<ProofRequest>();
  useEffect(() => proofs.onAsk(setRequest), [proofs]);
  return request ? <Proof key={request.kind} request={request} {...props} /> : null;
}

function Proof({ request, email, hasPasskey }: ProofDialogProps & { readonly request: ProofRequest }) {
  const { client, configuration } = useServices();
  const [challenge, setChallenge] = useState<Challenge>();
  const isEnded = request.kind === 'session';
  const { title, lead, other } = isEnded ? text.ended : { ...text, other: undefined };

  // Somebody may also sign in on another tab.
  useEffect(() => client.onChange((isSignedIn) => isSignedIn && request.done()), [client, request]);

  async function prove(password: string): Promise<void> {
    try {
      await (isEnded ? client.signIn(email, password) : client.reauthenticate(password));
    } catch (error) {
      const asked = error instanceof ProblemError ? error.challenge : undefined;
      if (!asked) throw error;
      return setChallenge(asked);
    }
    request.done();
  }

  if (challenge) return <SecondFactor challenge={challenge} request={request} email={email} />;
  return (
    <Dialog title={title} lead={lead} hidesPage={isEnded} cancel={request.cancel}>
      <Form
        key="password"
        name="proof"
        action={text.action}
        fieldOf={{ invalid_credentials: 'password' }}
        submit={({ password = '' }) => prove(password)}
        cancel={request.cancel}
      >
        <HiddenUsername value={email} />
        <PasswordField />
      </Form>
      {hasPasskey && canUsePasskeys(configuration) && (
        <Deed
          look="link"
          action={text.passkey}
          run={() => (isEnded ? client.signInWithPasskey() : client.reauthenticateWithPasskey()).then(request.done)}
        />
      )}
      {other !== undefined && (
        <p class="note small">
          <a href="/sign-in" target="_blank">
            {other}
          </a>
        </p>
      )}
    </Dialog>
  );
}

interface SecondFactorProps {
  readonly challenge: Challenge;
  readonly request: ProofRequest;
  readonly email: string;
}

type Factor = keyof typeof english.factor.use;

function SecondFactor({ challenge, request, email }: SecondFactorProps) {
  const { client } = useServices();
  const factors = challenge.factors.filter((factor): factor is Factor => factor in english.factor.use);
  const [factor = 'recovery_code', setFactor] = useState(factors[0]);
  return (
    <Dialog
      title={english.factor.title}
      lead={english.factor[factor]}
      hidesPage={request.kind === 'session'}
      cancel={request.cancel}
    >
      <Form
        key={factor}
        name="proof"
        action={factor === 'passkey' ? english.factor.usePasskey : text.action}
        fieldOf={factor === 'passkey' ? {} : { invalid_second_factor: 'code' }}
        submit={async ({ code = '' }) => {
          await client.answerChallenge(challenge, factor === 'passkey' ? { factor } : { factor, code });
          request.done();
        }}
        cancel={request.cancel}
      >
        <HiddenUsername value={email} />
        {factor !== 'passkey' && <CodeField kind={factor === 'totp' ? 'digits' : 'recovery'} />}
      </Form>
      {factors
        .filter((other) => other !== factor)
        .map((other) => (
          <Button key={other} look="link" onClick={() => setFactor(other)}>
            {english.factor.use[other]}
          </Button>
        ))}
    </Dialog>
  );
}
