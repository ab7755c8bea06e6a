/**
 * The tables of `journal.db`. The driver ends the whole process at a boolean
 * that is bound and at a text that is not UTF-8, as damage on disk may make one: so nothing but numbers, texts, bytes
 * and null is bound, and every text is read back as bytes.
 */
/** `user_version` of the file; a higher one was written by a later program. */
export const schemaVersion = 1

export type Cell = string | number | Buffer | null

export const schema = `
  create table decision (
    id integer primary key, path blob not null, since integer, at integer, count integer, verdict text, layer text,
    reason text, class text, rule_action text, rule_glob text, rule_reason text, rule_source text, rule_line integer,
    writer_kind text, writer_name text, writer_tier text, writer_executable text, writer_rule text, content text,
    took real, commit_oid text, provisional integer
  );
  create index decision_path on decision (path, id);
  create index decision_age on decision (verdict, at);
  create table commits (
    oid text primary key, id text, at integer, cause text, writer text, paths integer, took real
  );
  create index commits_age on commits (at);
  create table outcome (
    id integer primary key, what text, name text, oid text, since integer, at integer, count integer
  );
  create index outcome_age on outcome (at);
  pragma user_version = ${schemaVersion};
`

const decisionTexts = [
  'verdict',
  'layer',
  'reason',
  'class',
  'rule_action',
  'rule_glob',
  'rule_reason',
  'rule_source',
  'writer_kind',
  'writer_name',
  'writer_tier',
  'writer_executable',
  'writer_rule',
  'content',
  'commit_oid',
] as const
const decisionOthers = ['path', 'since', 'at', 'count', 'rule_line', 'took', 'provisional'] as const
const decisionColumns = [...decisionTexts, ...decisionOthers]

const asBytes = (name: string): string => `cast(${name} as blob) as ${name}`

export const columns = {
  decision: ['id', ...decisionTexts.map(asBytes), asBytes('path'), ...decisionOthers.slice(1)].join(', '),
  commits: ['oid', 'id', 'cause', 'writer'].map(asBytes).join(', ') + ', at, paths, took',
  outcome: ['id', ...['what', 'name', 'oid'].map(asBytes), 'since', 'at', 'count'].join(', '),
} as const

function placesFor(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ')
}

export const insertions = {
  decision: `insert into decision (${decisionColumns.join(', ')}) values (${placesFor(decisionColumns.length)})`,
  replaced: `update decision set ${decisionColumns.map((name) => `${name} = ?`).join(', ')} where id = ?`,
  commit: 'insert or replace into commits (oid, id, at, cause, writer, paths, took) values (?, ?, ?, ?, ?, ?, ?)',
  outcome: 'insert into outcome (what, name, oid, since, at, count) values (?, ?, ?, ?, ?, ?)',
} as const
