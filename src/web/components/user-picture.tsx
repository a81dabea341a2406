import { useEffect, useState } from 'preact/hooks';

export interface UserPictureProps {
  /** The entity tag of the picture, if there is one. Another tag has it loaded again. */
  readonly tag: string | undefined;
  /** Whose it is; the initials stand for a picture that isn't there. */
  readonly name: string;
  /** What a screen reader says. */
  readonly description: string;
  readonly load: () => Promise<Blob>;
}

/** Somebody's picture, or their initials. It takes the same place with and without. */
export function UserPicture({ tag, name, description, load }: UserPictureProps) {
  const [shown, setShown] = useState<string>();
  const [hasFailed, setFailed] = useState(false);

  useEffect(() => {
    setFailed(false);
    if (tag === undefined) return undefined;
    let url: string | undefined;
    let isOver = false;
    const show = (picture: Blob) => {
      if (isOver) return;
      url = URL.createObjectURL(picture);
      setShown(url);
    };
    load().then(show, () => setFailed(!isOver));
    return () => {
      isOver = true;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [tag]);

  if (tag === undefined || hasFailed) {
    return (
      <span class="user-picture" aria-hidden="true">
        {initialsOf(name)}
      </span>
    );
  }
  return <span class="user-picture">{shown !== undefined && <img src={shown} alt={description} />}</span>;
}

/** The first letters of the first and the last word of a name. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word = '') => Array.from(word)[0]?.toLocaleUpperCase() ?? '').join('');
}
