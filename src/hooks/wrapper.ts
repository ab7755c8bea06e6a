import { createHash } from 'node:crypto'
import { shellQuoted } from '../shell.ts'

/** What stands at the place of a git hook while ours is installed. */
export interface WrapperInput {
  /** Of Node, absolute. */
  readonly node: string
  /** Of this program's entry, absolute. */
  readonly program: string
  /** The folder of the hooks was made for it, and goes with it. */
  readonly madeFolder: boolean
}

/** The user's own hook waits under this name, in the same folder: what it looks for beside itself is still there. */
export const savedName = 'pre-push.before-workspace-sync'

const version = 1
const mark = /^# workspace-sync hook (\d+), ([0-9a-f]{16})(, made this folder)?$/m

/** The pre-push hook: the user's, then ours, both on the same input; either may refuse, and theirs has the word. */
export function wrapperText({ node, program, madeFolder }: WrapperInput): string {
  const body = script(shellQuoted(node), shellQuoted(program))
  const folder = madeFolder ? ', made this folder' : ''
  return body.replace('\n', `\n# workspace-sync hook ${version}, ${checksum(body)}${folder}\n`)
}

/** null: not ours. */
export function wrapperIn(text: string): { readonly isEdited: boolean; readonly madeFolder: boolean } | null {
  const found = mark.exec(text)
  if (found === null) return null
  const body = text.slice(0, found.index) + text.slice(found.index + found[0].length + 1)
  return { isEdited: checksum(body) !== found[2], madeFolder: found[3] !== undefined }
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16)
}

/**
 * Only 10 refuses: a program that is gone, broken or too slow must not keep anybody from pushing. Where the daemon
 * pushes a commit that it made, it names a file that holds the id; such a commit was judged before it was made.
 */
function script(node: string, program: string): string {
  return `#!/bin/sh
# Taken away by: workspace-sync hooks remove pre-push. The hook that was here before, if any, is run first.
node=${node}
program=${program}
hook=$0
before=\${hook%/*}/${savedName}
refs=$(cat; printf x)
refs=\${refs%x}

theirs=0
if [ -f "$before" ] && [ -x "$before" ]; then
  printf %s "$refs" | "$before" "$@"
  theirs=$?
fi

is_judged() {
  [ -n "\${WORKSPACE_SYNC_PUSH:-}" ] && [ -f "$WORKSPACE_SYNC_PUSH" ] || return 1
  IFS= read -r judged < "$WORKSPACE_SYNC_PUSH" || return 1
  [ "$(printf %s "$refs" | wc -l)" -eq 1 ] || return 1
  case $refs in *" $judged refs/"*) return 0 ;; *) return 1 ;; esac
}

ours=0
if ! is_judged; then
  limit=
  if command -v timeout > /dev/null 2>&1; then limit='timeout -k 5 60'; fi
  if [ -f "$program" ] && { [ -x "$node" ] || node=$(command -v node); }; then
    printf %s "$refs" | $limit "$node" "$program" health --pre-push --hook -- "$@"
    said=$?
  elif command -v workspace-sync > /dev/null 2>&1; then
    printf %s "$refs" | $limit workspace-sync health --pre-push --hook -- "$@"
    said=$?
  else
    said=gone
  fi
  case $said in
    0) ;;
    10) ours=1 ;;
    gone)
      echo "workspace-sync is gone from $program: this push was not checked. To take its hook away:" >&2
      if [ -e "$before" ] || [ -L "$before" ]; then back="mv -f '$before' '$hook'"; else back="rm '$hook'"; fi
      echo "  $back" >&2
      ;;
    *) echo "workspace-sync could not check this push (it ended with $said); the push goes on" >&2 ;;
  esac
fi

if [ "$theirs" -ne 0 ]; then exit "$theirs"; fi
exit "$ours"
`
}
