type Environment = Readonly<Record<string, string | undefined>>

/**
 * What git hands down to its hooks. A daemon started from a hook would otherwise work in the hook's repository, on the
 * hook's index and with the date of the commit under way (`git rev-parse --local-env-vars`, githooks(5)).
 */
const dropped = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_AUTHOR_DATE',
  'GIT_COMMITTER_DATE',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIR',
  'GIT_EXEC_PATH',
  'GIT_GRAFT_FILE',
  'GIT_GLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_LITERAL_PATHSPECS',
  'GIT_NAMESPACE',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REFLOG_ACTION',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
  'LANGUAGE',
])

/** Nothing may ask: an empty GIT_ASKPASS also shadows `core.askPass`, while credential helpers still answer. */
const fixed = {
  GCM_INTERACTIVE: 'never',
  GIT_ASKPASS: '',
  GIT_EDITOR: ':',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_SEQUENCE_EDITOR: ':',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
  SSH_ASKPASS: '',
  SSH_ASKPASS_REQUIRE: 'never',
}

/** Dead peers are noticed by ssh itself within a minute; BatchMode turns a question into a refusal. */
export const batchSsh = 'ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=15 -o ServerAliveCountMax=4'

/** The environment of every git child, from the one this process was given. */
export function gitEnvironment(given: Environment): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || dropped.has(name) || name.startsWith('GIT_TRACE')) continue
    kept[name] = value
  }
  return { ...kept, ...fixed }
}

/** Hooks are people's programs: they see text as UTF-8, and git's messages stay English. */
export const hookEnvironment = { LC_ALL: 'C.UTF-8' }

/** A path is a name here, never a pattern. */
export const literalPaths = { GIT_LITERAL_PATHSPECS: '1' }

/** Objects are written to one directory, and those of the other are found, too. */
export function objectsIn(directory: string, own: string): Readonly<Record<string, string>> {
  // Quoted, or a colon in the directory's name would end it (git(1), GIT_ALTERNATE_OBJECT_DIRECTORIES).
  // git knows no \\u: control characters stay as they are, and only what would end the quotes is escaped.
  const alternate = `"${own.replaceAll(/["\\]/g, String.raw`\$&`)}"`
  return { GIT_OBJECT_DIRECTORY: directory, GIT_ALTERNATE_OBJECT_DIRECTORIES: alternate }
}
