import { useConsole } from '../../../../components/console/viewer.ts';
import { Deed } from '../../../../components/deed.tsx';
import { useDone } from '../../../../components/done.ts';
import { Section } from '../../../../components/section.tsx';
import { english } from '../../../../english.ts';
import type { UserSectionProps } from './user-data.ts';

const text = english.access;

/** For users who lost what they sign in with. */
export function Access({ user, reload }: UserSectionProps) {
  const { client } = useConsole();
  const { done, finish, forget } = useDone(reload);
  const { id, email, is_active: isActive } = user;

  async function sendReset(): Promise<void> {
    forget();
    await client.sendPasswordReset(id);
    await finish(text.resetDone(email));
  }

  return (
    <Section name="access" title={text.title} done={done}>
      {isActive && <Deed action={text.reset} run={sendReset} />}
      <p class="note small">{isActive ? text.resetHint : text.resetInactive}</p>
    </Section>
  );
}
