import type { ComponentChildren } from 'preact';

export interface SectionFrameProps {
  readonly name: string;
  readonly title: string;
  readonly lead?: string | undefined;
  /** What was just done here. */
  readonly done?: string | undefined;
  readonly children?: ComponentChildren;
}

/** A part of a page with one job. */
export function Section({ name, title, lead, done, children }: SectionFrameProps) {
  return (
    <section class="section" id={name} aria-labelledby={`${name}-title`}>
      <div class="section-about">
        <h2 id={`${name}-title`}>{title}</h2>
        {lead !== undefined && <p class="note">{lead}</p>}
      </div>
      <div role="status" class="section-done">
        {done !== undefined && <p class="notice success">{done}</p>}
      </div>
      {children}
    </section>
  );
}
