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
    link: 'If the button doesn’t work, copy this address into your browser:',
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
    email_verification: {
      subject: 'Confirm your e-mail address',
      reason: 'An account at {service} was created with this address.',
      button: 'Confirm this address',
      expiry: 'The link works once and expires in {expires_in:duration}.',
      advice: 'If this wasn’t you, don’t open the link. You don’t need to do anything else.',
    },
    registration: {
      subject: 'Finish your registration',
      reason: 'Somebody registered at {service} with this address. There is no account until you confirm it.',
      button: 'Confirm this address',
      expiry: 'The link works once and expires in {expires_in:duration}.',
      advice: 'If this wasn’t you, don’t open the link. You don’t need to do anything else.',
    },
    invitation: {
      subject: 'Choose a password for your account',
      reason: 'An administrator of {service} opened an account for you with this address. It has no password yet.',
      button: 'Choose a password',
      expiry:
        'The link works once and expires in {expires_in:duration}. After that, choose “Forgot password?” where you sign in.',
      advice: 'If you did not expect this, ignore this message. Nobody can sign in until you have chosen a password.',
    },
    account_exists: {
      subject: 'You already have an account',
      reason:
        'Somebody tried to register at {service} with this address, but you already have an account. Sign in as usual, or choose a new password if you have forgotten yours.',
      button: 'Choose a new password',
      expiry: 'The link works once and expires in {expires_in:duration}.',
      advice: 'If this wasn’t you, ignore this message. Nothing has changed.',
    },
    email_change: {
      subject: 'Confirm your new e-mail address',
      reason: 'Somebody who is signed in at {service} wants to use this address for their account.',
      button: 'Use this address',
      expiry: 'The link works once and expires in {expires_in:duration}.',
      advice: 'If this wasn’t you, don’t open the link: it would give your address to somebody else’s account.',
    },
    email_change_undo: {
      subject: 'Your e-mail address is about to change',
      reason: 'Somebody who is signed in to your account at {service} asked to use another e-mail address for it.',
      button: 'Keep this address',
      expiry: 'The link works once, even after the change, and expires in {expires_in:duration}.',
      advice:
        'If this was you, there is nothing to do. If it wasn’t, open the link: that keeps this address, signs out all devices, and sends you a link to choose a new password. It removes no authenticator app and no passkey: if one was added that isn’t yours, ask an administrator to remove it.',
    },
    email_changed: {
      subject: 'Your e-mail address was changed',
      reason:
        'The e-mail address of your account at {service} was changed on {at:time}. This address no longer belongs to it.',
      advice: 'If this wasn’t you, open the link in our earlier message, “Your e-mail address is about to change”.',
    },
    login_code: {
      subject: '{code} is your sign-in code',
      reason: 'Somebody wants to sign in to your account at {service}. The code is {code}.',
      button: 'Sign in',
      expiry: 'The code and the link work once, and expire in {expires_in:duration} or when you ask for another.',
      advice: 'If this wasn’t you, ignore this message. Never tell the code to anybody: we don’t ask for it.',
    },
    password_changed: {
      subject: 'Your password was changed',
      reason: 'The password of your account at {service} was changed on {at:time}. All other devices were signed out.',
      advice: 'If this wasn’t you, reset your password now: choose “Forgot password?” where you sign in.',
    },
    password_guessed: {
      subject: 'Somebody is guessing your password',
      reason:
        'A hundred attempts in a row to sign in to your account at {service} have failed, the last on {at:time}. To protect your account, your password no longer works on new devices.',
      advice:
        'You can still sign in on devices that you have used before. To sign in on a new one, choose “Forgot password?” first.',
    },
    new_device: {
      subject: 'A new device signed in to your account',
      reason:
        'Somebody signed in to your account at {service} on {at:time}, from a device that you have not used before. Browser: {browser}. Device: {device}. IP address: {address}.',
      advice:
        'If this was you, there is nothing to do. If it wasn’t, change your password now, or choose “Forgot password?” where you sign in: both sign out all other devices.',
    },
    totp_added: {
      subject: 'An authenticator app was added to your account',
      reason:
        'An authenticator app was added to your account at {service} on {at:time}. From now on, signing in takes one of its codes as well. All other devices were signed out.',
      advice:
        'If this wasn’t you, choose “Forgot password?” where you sign in, and ask an administrator to remove the app.',
    },
    totp_removed: {
      subject: 'An authenticator app was removed from your account',
      reason:
        'An authenticator app was removed from your account at {service} on {at:time}; its codes no longer work. All other devices were signed out.',
      advice: 'If this wasn’t you, choose “Forgot password?” where you sign in, and tell an administrator.',
    },
    passkey_added: {
      subject: 'A passkey was added to your account',
      reason:
        'A passkey was added to your account at {service} on {at:time}. Whoever has it can sign in with it. All other devices were signed out.',
      advice:
        'If this wasn’t you, choose “Forgot password?” where you sign in, and ask an administrator to remove the passkey.',
    },
    passkey_removed: {
      subject: 'A passkey was removed from your account',
      reason:
        'A passkey was removed from your account at {service} on {at:time}; it no longer works. All other devices were signed out.',
      advice: 'If this wasn’t you, choose “Forgot password?” where you sign in, and tell an administrator.',
    },
    recovery_codes_renewed: {
      subject: 'Your recovery codes were replaced',
      reason:
        'The recovery codes of your account at {service} were replaced on {at:time}; the old ones no longer work. All other devices were signed out.',
      advice: 'If this wasn’t you, choose “Forgot password?” where you sign in, and tell an administrator.',
    },
    recovery_code_used: {
      subject: 'A recovery code was used',
      reason:
        'On {at:time} somebody signed in to your account at {service} with one of your recovery codes. Codes left: {left}.',
      advice:
        'If this wasn’t you, choose “Forgot password?” where you sign in, and replace your recovery codes: somebody has them.',
    },
    recovery_codes_low: {
      subject: 'You have few recovery codes left',
      reason:
        'On {at:time} somebody signed in to your account at {service} with one of your recovery codes. Codes left: {left}.',
      advice:
        'If this was you, replace your recovery codes before you run out. If it wasn’t, choose “Forgot password?” where you sign in, and replace them: somebody has them.',
    },
    second_factor_guessed: {
      subject: 'Somebody knows your password',
      reason:
        'Somebody gave the right password of your account at {service}, and then {failures} wrong codes of your authenticator app in a row, the last on {at:time}. They did not get in.',
      advice:
        'If this was you, there is nothing to do. If it wasn’t, change your password now, or choose “Forgot password?” where you sign in. If the app’s codes are not taken meanwhile, use a passkey or a recovery code.',
    },
    passkey_cloned: {
      subject: 'Somebody may have a copy of your passkey',
      reason:
        'On {at:time} somebody tried to sign in to your account at {service} with a passkey that seems to be an old copy of yours. They were not let in.',
      advice:
        'If this wasn’t you, remove that passkey from your account and add a new one. If you have restored a backup of your device, do the same: the restored passkey won’t work.',
    },
    factors_reset: {
      subject: 'An administrator reset your second factors',
      reason:
        'On {at:time} an administrator of {service} removed all authenticator apps, passkeys and recovery codes from your account, and signed out all devices.',
      advice:
        'If you asked for this, sign in and add a new one. If you didn’t, tell an administrator: somebody may have pretended to be you.',
    },
    role_changed: {
      subject: 'Your role was changed',
      reason: 'Your role at {service} was changed from “{from}” to “{to}” on {at:time}.',
      advice:
        'If you did not expect this, ask an administrator. If the new role allows less, you have to sign in again.',
    },
    account_deleted: {
      subject: 'Your account was deleted',
      reason: 'Your account at {service} was deleted on {at:time}, as you asked.',
      advice:
        'If this wasn’t you, or if you have changed your mind, ask an administrator before {until:time} to restore it. After that, your data is erased.',
    },
    session_reused: {
      subject: 'We signed out one of your devices',
      reason:
        'On {at:time} somebody used an old copy of your sign-in at {service}. It may have been stolen from your device, so we signed that device out.',
      advice: 'Sign in again. If anything looks unfamiliar, change your password, which signs out all other devices.',
    },
  },
} as const;
