import { useDone } from '../../components/done.ts';
import { Deed } from '../../components/deed.tsx';
import { Section } from '../../components/section.tsx';
import { download } from '../../download.ts';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { SectionProps } from './account-data.ts';

const text = english.export;

/** All that is kept about somebody, as a file. */
export function Export({ reload }: SectionProps) {
  const { client, configuration } = useServices();
  const { done, finish, forget } = useDone(reload);

  async function save(): Promise<void> {
    forget();
    const data = await client.exportCurrentUser();
    download(JSON.stringify(data, null, 2), text.file(configuration.service_name), 'application/json');
    await finish(text.done);
  }

  return (
    <Section name="export" title={text.title} lead={text.lead} done={done}>
      <Deed action={text.action} run={save} />
    </Section>
  );
}
