import { useState } from 'preact/hooks';
import { type ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { Button } from '../../components/button.tsx';
import { CodeField } from '../../components/code-field.tsx';
import { HiddenUsername } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Page } from '../../components/page.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { StepProps } from './page.tsx';

const text = english.factor;

export type Challenge = NonNullable<ProblemError['challenge']>;
type Factor = keyof typeof text.use;

interface FactorStepProps extends StepProps {
  readonly challenge: Challenge;
  readonly email: string;
  readonly arrive: () => void;
}

/** Asks for the second factor, in the quickest of the ways that the account has; the others are a click away. */
export function FactorStep({ challenge, email, goTo, arrive }: FactorStepProps) {
  const { client } = useServices();
  const factors = challenge.factors.filter((factor): factor is Factor => factor in text.use);
  const [factor = 'recovery_code', setFactor] = useState(factors[0]);
  const others = factors.filter((one) => one !== factor);

  async function answer(code: string): Promise<void> {
    await client.answerChallenge(challenge, factor === 'passkey' ? { factor } : { factor, code });
    arrive();
  }

  return (
    <Page title={text.title} lead={text[factor]}>
      <Form
        key={factor}
        action={factor === 'passkey' ? text.usePasskey : text.action}
        fieldOf={factor === 'passkey' ? {} : { invalid_second_factor: 'code' }}
        submit={({ code = '' }) => answer(code)}
      >
        <HiddenUsername value={email} />
        {factor !== 'passkey' && <CodeField kind={factor === 'totp' ? 'digits' : 'recovery'} />}
      </Form>
      <div class="stack tight">
        {others.map((other) => (
          <Button key={other} look="link" onClick={() => setFactor(other)}>
            {text.use[other]}
          </Button>
        ))}
        <Button look="link" onClick={() => goTo({ name: 'first' })}>
          {text.again}
        </Button>
      </div>
    </Page>
  );
}
