/** Why a `.env` file can't be read. */
export class EnvFileError extends Error {
  override readonly name = 'EnvFileError';
}

// One variable, with the end of its line. A value in quotes may go over several lines.
const assignment =
  /[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:(["'`])((?:(?!\2)[^])*)\2[ \t]*(?:#[^\n]*)?|(?!["'`])([^\n]*))(?:\n|$)/y;
const empty = /[ \t]*(?:#.*)?(?:\n|$)/y;
const comment = /(?:^|[ \t])#.*/;

/**
 * The variables of a `.env` file's text, as Node reads them, but for a "#" within a word, which begins no comment. Throws an
 * EnvFileError for a line that is not understood: to skip it would lose a setting silently.
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
