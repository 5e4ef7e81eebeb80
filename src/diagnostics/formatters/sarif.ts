import type { Fix, Log, ReportingDescriptor, Result } from 'sarif';
import type { LocatedDiagnostic, LocatedEdit, Location } from '../located.ts';

/** What there is to say of a rule besides its findings. */
export interface RuleText {
  readonly summary: string;
  readonly help: string;
}

export interface Tool {
  readonly version: string;
  readonly rules: ReadonlyMap<string, RuleText>;
}

/**
 * Diagnostics in the Static Analysis Results Interchange Format (OASIS, SARIF 2.1.0), which code scanning reads. Columns
 * count UTF-16 units, as everywhere here.
 */
export function formatSarif(diagnostics: readonly LocatedDiagnostic[], { version, rules }: Tool): string {
  const ids = [...new Set(diagnostics.map(({ rule }) => rule))].sort();
  const driver = { name: 'gen-infra', version, rules: ids.map((id) => ruleOf(id, rules.get(id))) };
  const results = diagnostics.map((diagnostic) => resultOf(diagnostic, ids));
  const log: Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(
  { rule, severity, message, help, related, edit, ...location }: LocatedDiagnostic,
  ids: readonly string[],
): Result {
  return {
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    level: severity,
    message: { text: help === undefined ? message : `${message}\nhelp: ${help}` },
    locations: [{ physicalLocation: place(location) }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other, id) => ({
            id,
            message: { text: other.message },
            physicalLocation: place(other),
          })),
        }),
    ...(edit === undefined ? {} : { fixes: [fixOf(edit)] }),
  };
}

function ruleOf(id: string, text: RuleText | undefined): ReportingDescriptor {
  if (text === undefined) return { id };
  return { id, shortDescription: { text: text.summary }, help: { text: text.help } };
}

function fixOf(edit: LocatedEdit): Fix {
  const { artifactLocation, region } = place(edit);
  const replacement = { deletedRegion: region, insertedContent: { text: edit.replacement } };
  return { artifactChanges: [{ artifactLocation, replacements: [replacement] }] };
}

/** A file as a URI reference: each step of the path is encoded, the slashes stay. */
function place({ file, start, end }: Location) {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  const region = {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
  return { artifactLocation: { uri }, region };
}
