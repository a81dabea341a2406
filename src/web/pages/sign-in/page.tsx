import { useState } from 'preact/hooks';
import { ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { useArrival } from '../../arrival.ts';
import { useFragment } from '../../fragment.ts';
import { CodeStep } from './code-step.tsx';
import { FactorStep, type Challenge } from './factor-step.tsx';
import { FirstStep } from './first-step.tsx';
import { UnverifiedStep } from './unverified-step.tsx';

/** What is asked next. */
export type Step =
  | { readonly name: 'first' }
  /** The code is there if the link of the mail brought it. */
  | { readonly name: 'code'; readonly email: string; readonly code?: string | undefined }
  | { readonly name: 'factor'; readonly challenge: Challenge; readonly email: string }
  | { readonly name: 'unverified'; readonly email: string; readonly password: string };

export interface StepProps {
  readonly goTo: (step: Step) => void;
  /**
   * Signs in by `proof`, and goes on: to where one came from, to the second factor, or to the mail that verifies the address. Anything else
   * that goes wrong is thrown.
   */
  readonly signIn: (
    proof: () => Promise<void>,
    who: { readonly email: string; readonly password?: string },
  ) => Promise<void>;
}

export default function SignIn() {
  const fragment = useFragment();
  const arrive = useArrival();
  const [step, goTo] = useState<Step>(() => {
    const [email, code] = [fragment.get('email'), fragment.get('code')];
    return email !== null && code !== null ? { name: 'code', email, code } : { name: 'first' };
  });

  async function signIn(proof: () => Promise<void>, who: { email: string; password?: string }): Promise<void> {
    try {
      await proof();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { challenge, code } = error;
      if (challenge) return goTo({ name: 'factor', challenge, email: who.email });
      if (code === 'email_not_verified') return goTo({ name: 'unverified', password: '', ...who });
      throw error;
    }
    arrive();
  }

  const common = { goTo, signIn };
  if (step.name === 'code') return <CodeStep {...common} {...step} />;
  if (step.name === 'factor') return <FactorStep {...common} {...step} arrive={arrive} />;
  if (step.name === 'unverified') return <UnverifiedStep {...common} {...step} />;
  return <FirstStep {...common} />;
}
