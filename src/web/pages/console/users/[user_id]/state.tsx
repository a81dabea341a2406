import { useState } from 'preact/hooks';
import { Deed } from '../../../../components/deed.tsx';
import { Section } from '../../../../components/section.tsx';
import { useConsole } from '../../../../components/console/viewer.ts';
import { useDone } from '../../../../components/done.ts';
import { english } from '../../../../english.ts';
import { unlessChanged, type UserSectionProps } from './user-data.ts';

const text = english.userState;

export interface StateProps extends UserSectionProps {
  /** Whether the viewer looks at themselves. */
  readonly isOwn: boolean;
}

/** Whether the user may sign in. That can be undone, so it is done at once. */
export function State({ isOwn, ...props }: StateProps) {
  const { user, reload } = props;
  const { client } = useConsole();
  const { done, finish, forget } = useDone(reload);
  const [isUndoable, setUndoable] = useState(false);
  const { id, full_name: name, is_active: isActive } = user;

  const change = (toActive: boolean) => async () => {
    forget();
    await unlessChanged(client, props, (precondition) => client.updateUser(id, { is_active: toActive }, precondition));
    await finish(toActive ? text.activated(name) : text.deactivated(name));
    setUndoable(!isUndoable);
  };

  return (
    <Section name="state" title={text.title} lead={isActive ? text.active : text.inactive} done={done}>
      {isOwn ? (
        <p class="note small">{text.own}</p>
      ) : (
        <Deed action={isUndoable ? text.undo : isActive ? text.deactivate : text.activate} run={change(!isActive)} />
      )}
    </Section>
  );
}
