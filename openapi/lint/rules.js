/** Redocly rules for the conventions in openapi/README.md that no built-in rule checks. Each message says what to write instead. */
import { errorExamples, problemTexts } from './errors.js';
import { componentNames, operationIdForm, schemaNames, serverDescriptions, summaryVerb } from './names.js';
import {
  cursorExamples,
  operationAssurance,
  operationCredentials,
  operationRateLimit,
  operationSecondFactor,
  operationStatuses,
  rateLimitHeaders,
  responseExamples,
} from './operations.js';
import { enums, patterns, requestsClosed, schemaBounds, schemaDescription, secrets } from './schemas.js';

export default function latchkey() {
  return {
    id: 'latchkey',
    rules: {
      oas3: {
        'component-names': componentNames,
        'cursor-examples': cursorExamples,
        enums,
        'error-examples': errorExamples,
        'operation-assurance': operationAssurance,
        'operation-credentials': operationCredentials,
        'operation-id-form': operationIdForm,
        'operation-rate-limit': operationRateLimit,
        'operation-second-factor': operationSecondFactor,
        'operation-statuses': operationStatuses,
        patterns,
        'problem-texts': problemTexts,
        'rate-limit-headers': rateLimitHeaders,
        'requests-closed': requestsClosed,
        'response-examples': responseExamples,
        'schema-bounds': schemaBounds,
        'schema-description': schemaDescription,
        'schema-names': schemaNames,
        secrets,
        'server-descriptions': serverDescriptions,
        'summary-verb': summaryVerb,
      },
    },
  };
}
