/** The hash of a user who has no password: none fits it, and checking one takes as long as with any other. */
export const noPassword = '!';
