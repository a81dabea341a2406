import { english } from '../../../english.ts';

/** Whether somebody may sign in. */
export function Status({ isActive }: { readonly isActive: boolean }) {
  return (
    <span class={isActive ? 'status' : 'status off'}>
      {isActive ? english.users.active : english.users.deactivated}
    </span>
  );
}
