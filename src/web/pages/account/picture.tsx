import { useRef, useState } from 'preact/hooks';
import type { ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { Deed } from '../../components/deed.tsx';
import { useSubmission } from '../../components/submission.ts';
import { UserPicture } from '../../components/user-picture.tsx';
import { english } from '../../english.ts';
import { messageOf } from '../../problems.ts';
import { useServices } from '../../services.ts';
import type { SectionProps } from './account-data.ts';

const text = english.picture;

const mostBytes = 512 * 1024;
const types = 'image/png,image/jpeg,image/webp';

export interface PictureProps extends Pick<SectionProps, 'account'> {
  readonly finish: (sentence: string) => Promise<void>;
  readonly forget: () => void;
}

/** One's picture: chosen or dropped, it is set at once. */
export function Picture({ account: { user }, finish, forget }: PictureProps) {
  const { client } = useServices();
  const chosen = useRef<File | undefined>(undefined);
  const [isOver, setOver] = useState(false);
  const { isPending, isOffline, wait, status, faults, send } = useSubmission({
    check: () =>
      (chosen.current?.size ?? 0) > mostBytes ? [{ field: 'picture', message: text.problems.content_too_large }] : [],
    async submit() {
      if (chosen.current) await client.setPicture(chosen.current);
      await finish(text.saved);
    },
    describe: (problem) => [{ field: 'picture', message: sentenceOf(problem) }],
  });
  const hasPicture = user.picture_etag !== undefined;

  function choose(files: FileList | null | undefined): void {
    const [file] = files ?? [];
    if (!file || isPending) return;
    chosen.current = file;
    forget();
    void send();
  }

  const [fault] = faults;
  return (
    <div
      class={isOver ? 'account-picture over' : 'account-picture'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        choose(event.dataTransfer?.files);
      }}
    >
      <UserPicture
        tag={user.picture_etag}
        name={user.full_name}
        description={text.yours}
        load={() => client.getPicture()}
      />
      <div class="field">
        <p class="hint" id="picture-hint">
          {text.hint}
        </p>
        {fault && (
          <p class="error" id="picture-error" role="alert">
            {fault.message}
          </p>
        )}
        {isOffline && (
          <p class="error" role="alert">
            {english.form.offlineDeed}
          </p>
        )}
        <div class="entry-deeds">
          <span class="file">
            <input
              type="file"
              id="picture"
              accept={types}
              disabled={wait > 0}
              aria-describedby={fault ? 'picture-error picture-hint' : 'picture-hint'}
              aria-invalid={fault ? 'true' : undefined}
              onChange={({ currentTarget }) => {
                choose(currentTarget.files);
                // So that the same file can be chosen again once it is mended.
                currentTarget.value = '';
              }}
            />
            <label class="button secondary" for="picture" aria-busy={isPending ? 'true' : undefined}>
              {wait > 0 ? english.form.wait(wait) : hasPicture ? text.replace : text.choose}
            </label>
          </span>
          {hasPicture && (
            <Deed
              look="link"
              action={text.remove}
              run={() => client.removePicture().then(() => finish(text.removed))}
            />
          )}
        </div>
        <p role="status" class="visually-hidden">
          {status}
        </p>
      </div>
    </div>
  );
}

function sentenceOf(problem: ProblemError): string {
  const ofCodes: Partial<Record<string, string>> = text.problems;
  const ofRules: Partial<Record<string, string>> = text.rules;
  const rules = problem.errors.flatMap(({ rule, message }) => ofRules[rule] ?? message);
  return rules[0] ?? ofCodes[problem.code] ?? messageOf(problem);
}
