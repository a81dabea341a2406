/** Rules for errors. */

/** Errors have their examples in responses: mock servers would send an example in the schema for every error. */
export function errorExamples() {
  return {
    MediaType: {
      Schema(schema, { report, location, key }) {
        if (key === 'schema' && location.pointer === '#/' && isProblem(schema) && schema.example !== undefined) {
          report({ message: 'Remove the example from the schema of errors; each response has its own.', location });
        }
      },
    },
  };
}

/** Whether a schema is that of a problem document. */
export const isProblem = ({ properties = {} }) => 'status' in properties && 'detail' in properties;

const texts = ['title', 'detail', 'meaning', 'remedy'];

/** Each code has an entry in `x-problems`, in alphabetical order, and each sentence in `x-messages` belongs to a rule. */
export function problemTexts() {
  return {
    Schema(schema, { report, location }) {
      const { 'x-extensible-enum': words = [], 'x-problems': problems, 'x-messages': messages = {} } = schema;
      const reportAt = (message, ...place) => report({ message, location: location.child(place) });
      for (const rule of Object.keys(messages)) {
        if (!words.includes(rule))
          reportAt(`x-messages has a sentence for ${rule}, which is not a rule.`, 'x-messages', rule);
      }
      if (!problems) return;
      const codes = Object.keys(problems);
      for (const code of words.filter((word) => !codes.includes(word))) {
        reportAt(`x-problems has no entry for ${code}; give it a status, ${texts.join(', ')}.`, 'x-problems');
      }
      for (const [code, problem] of Object.entries(problems)) {
        if (!words.includes(code))
          reportAt(`x-problems has an entry for ${code}, which is not a code.`, 'x-problems', code);
        const missing = texts.filter((name) => typeof problem[name] !== 'string' || problem[name] === '');
        if (!(problem.status >= 400 && problem.status <= 599)) missing.unshift('status');
        if (missing.length > 0) reportAt(`The entry for ${code} lacks ${missing.join(', ')}.`, 'x-problems', code);
      }
      if (codes.join() !== codes.toSorted().join()) reportAt('Sort x-problems by code.', 'x-problems');
    },
  };
}
