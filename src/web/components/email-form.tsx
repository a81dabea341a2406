import { useServices } from '../services.ts';
import { EmailField } from './field.tsx';
import { Form } from './form.tsx';

export interface EmailFormProps {
  readonly action: string;
  /** Has a mail sent to the address. */
  readonly send: (email: string) => Promise<void>;
}

/** Asks for nothing but an address, and remembers it for the next page. */
export function EmailForm({ action, send }: EmailFormProps) {
  const { typed } = useServices();
  return (
    <Form
      action={action}
      submit={async ({ email = '' }) => {
        typed.email = email;
        await send(email);
      }}
    >
      <EmailField value={typed.email} />
    </Form>
  );
}
