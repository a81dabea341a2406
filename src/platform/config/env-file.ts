/** Why a `.env` file can't be read. */
export class EnvFileError extends Error {
  override readonly name = 'EnvFileError';
}

// One variable and the end of its line. A quoted value may span several lines.
const assignment =
  /[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:(["'`])((?:(?!\2)[^])*)\2[ \t]*(?:#[^\n]*)?|(?!["'`])([^\n]*))(?:\n|$)/y;
const empty = /[ \t]*(?:#.*)?(?:\n|$)/y;
const comment = /(?:^|[ \t])#.*/;

/**
 * Parses a `.env` file as Node does, except that a "#" within a word does not begin a comment. Throws an EnvFileError for a line that
 * it does not understand, since skipping it would silently lose a setting.
 */
export function parseEnvFile(content: string): Map<string, string> {
  const text = content.replace(/\r\n?/g, '\n');
  const variables = new Map<string, string>();
  for (let at = 0; at < text.length;) {
    assignment.lastIndex = empty.lastIndex = at;
    const [line, name, quote, quoted, plain = ''] = assignment.exec(text) ?? empty.exec(text) ?? [];
    if (!line) throw new EnvFileError(`line ${text.slice(0, at).split('\n').length} is not NAME=value`);
    if (name) {
      const value = quote === '"' ? quoted?.replaceAll('\\n', '\n') : quoted;
      variables.set(name, value ?? plain.replace(comment, '').trim());
    }
    at += line.length;
  }
  return variables;
}
