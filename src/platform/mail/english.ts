/**
 * Every sentence of every mail. `mails print` prints them as JSON, and MAIL_MESSAGES names a translation of that. A placeholder is
 * `{name}` for text, `{name:duration}` for seconds and `{name:time}` for an ISO 8601 time; `{service}` is SERVICE_NAME, in any sentence.
 */
export const english = {
  /** A BCP 47 tag; numbers and times are written its way. */
  language: 'en',
  direction: 'ltr',
  layout: {
    subject: '{service}: {subject}',
    link: 'If the button does not work, copy this address into your browser:',
    /** Stands for a text that is not known. */
    unknown: 'unknown',
    footer: 'Sent automatically by {service}. Replies are not read.',
  },
  mails: {
    password_reset: {
      subject: 'Choose a new password',
      reason: 'Somebody asked for a new password for your account at {service}.',
      button: 'Choose a new password',
      expiry: 'The link works once and expires in {expires_in:duration}.',
      advice: 'If this wasn’t you, ignore this message. Your password has not changed.',
    },
    password_changed: {
      subject: 'Your password was changed',
      reason: 'The password of your account at {service} was changed on {at:time}. All other devices were signed out.',
      advice: 'If this wasn’t you, reset your password now: choose “Forgot password?” where you sign in.',
    },
    password_guessed: {
      subject: 'Somebody is guessing your password',
      reason:
        'On {at:time} the hundredth attempt in a row to sign in to your account at {service} failed. To protect it, your password is not accepted on new devices any more.',
      advice:
        'Devices on which you signed in before still work. To sign in on a new one, choose “Forgot password?” first.',
    },
    session_reused: {
      subject: 'We ended a session of yours',
      reason:
        'On {at:time} somebody used an old copy of your sign-in at {service}. It may have been taken from your device, so we signed that device out.',
      advice: 'Sign in again. If anything looks unfamiliar, change your password, which signs out all other devices.',
    },
  },
} as const;
