/** What pages say about what went wrong. */

interface Details {
  readonly limit?: number | undefined;
}

const lower = (label: string) => label.charAt(0).toLowerCase() + label.slice(1);

export const englishOfProblems = {
  /** By the contract's rules, for a field with this label. */
  rules: {
    required: (label: string) => `Enter your ${lower(label)}`,
    minLength: (label: string, { limit = 1 }: Details) =>
      limit === 1 ? `Enter your ${lower(label)}` : `${label} must have at least ${limit} characters`,
    maxLength: (label: string, { limit = 0 }: Details) => `${label} must have at most ${limit} characters`,
    format: () => 'Enter an e-mail address such as ada@example.com',
    password_common: () => 'This is one of the most common passwords, or nearly one. Choose another',
    password_repeats: () => 'This password repeats a few characters. Choose another',
    password_sequence: () => 'This password is made of neighbouring keys, letters or digits. Choose another',
    password_contains_email: () => 'Choose a password without the name in your e-mail address',
    password_contains_name: () => 'Choose a password without your name',
    password_contains_service: () => 'Choose a password without the name of this service',
    password_breached: () => 'This password was stolen from another service, so strangers know it. Choose another',
    password_wrong: () => 'This is not your current password. Check it, and try again',
    password_unchanged: () => 'This is your current password. Choose another',
    code_wrong: () => 'This code is wrong or was used before. Wait for the next one, and enter that',
    mixed_scripts: (label: string) => `${label} mixes letters that look alike, such as Latin and Cyrillic ones`,
    taken: () => 'Somebody has an account with this e-mail address. Sign in instead, or use another address',
  },
  /** By the contract's codes. */
  problems: {
    invalid_credentials: 'The e-mail address or the password is wrong. Check both, or reset your password',
    invalid_code: 'This code is wrong or no longer works. Check it, or ask for a new one',
    invalid_second_factor: 'This code is wrong or was used before. Enter another',
    invalid_challenge: 'This took too long, or too many codes were wrong. Please sign in again',
    invalid_passkey: 'This passkey did not work. Try again, or sign in another way',
    invalid_one_time_secret: 'This link no longer works: it was used, replaced by a newer one, or is too old',
    account_disabled: 'This account was deactivated. Only an administrator can activate it again',
    password_reset_required: 'This account needs a new password first. A mail with a link is on its way to you',
    email_taken: 'Somebody has an account with this e-mail address. Sign in instead, or use another address',
    last_admin: 'You are the last active administrator. Make somebody else one first',
    registration_closed: 'Registration is closed. Ask the people who run this service for an invitation',
    email_codes_off: 'This service mails no codes. Sign in another way',
    passkeys_unavailable: 'This service has no passkeys. Sign in another way',
  },
  passkeyErrors: {
    unsupported: 'This browser has no passkeys. Use another browser or device',
    cancelled: 'No passkey was chosen',
    already_added: 'There is a passkey for this account on this device already',
    failed: 'The passkey could not be used. Try again',
  },
};
