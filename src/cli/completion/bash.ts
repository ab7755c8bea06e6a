import { shellQuoted } from '../../shell.ts'
import type { CommandModel, Kind } from './model.ts'
import { deepestFirst, steps, valuedFlags } from './model-lists.ts'

/** Works in bash 3.2 (macOS) and without the library of bash-completion. */
export function bashScript(models: readonly CommandModel[], settings: readonly string[]): string {
  const ordered = deepestFirst(models)
  return `# Completion of workspace-sync for bash, made by: workspace-sync completion bash
_workspace_sync_among() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(IFS=$'\\n'; compgen "$@" -- "$cur")
}

_workspace_sync_take() {
  case $1 in
    files) compopt -o filenames 2>/dev/null; _workspace_sync_among -f ;;
    directories) compopt -o filenames 2>/dev/null; _workspace_sync_among -d ;;
    programs) _workspace_sync_among -c ;;
    settings) compopt -o nospace 2>/dev/null; _workspace_sync_among -W ${list(settings.map((key) => `${key}=`))} ;;
    nothing) ;;
    *) _workspace_sync_among -W "$1" ;;
  esac
}

_workspace_sync() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at= pending= assigned= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # To bash --workspace=place and key=value are three words each.
    if [[ $word == = ]]; then
      [[ $pending ]] || assigned=yes
      continue
    fi
    if [[ $pending || $assigned ]]; then
      pending= assigned=
      continue
    fi
    case $word in
      --)
        if [[ $i == "$((COMP_CWORD - 1))" ]]; then _workspace_sync_take programs; fi
        _workspace_sync_take files
        return
        ;;
      ${valuedFlags(models).join(' | ')}) pending=$word ;;
      -*) ;;
      *)
        case $at in
          ${steps(models, shellQuoted)}
        esac
        ;;
    esac
  done
  [[ $cur == = ]] && cur=
  [[ $assigned ]] && return
  if [[ $pending ]]; then
    case "$at $pending" in
      ${models.flatMap(valueCases).join('\n      ')}
    esac
    return
  fi
  case "$at $cur" in
    ${ordered.flatMap(wordCases).join('\n    ')}
  esac
}
complete -F _workspace_sync workspace-sync
`
}

function valueCases({ path, options }: CommandModel): readonly string[] {
  return options.flatMap(({ flags, value }) => {
    const patterns = flags.map((flag) => shellQuoted(`${path} ${flag}`)).join(' | ')
    return value === null ? [] : [`${patterns}) _workspace_sync_take ${taken(value)} ;;`]
  })
}

function wordCases({ path, options, subcommands, argument }: CommandModel): readonly string[] {
  const flags = list(options.flatMap((option) => option.flags))
  const names = subcommands.map(({ name }) => name)
  return [
    `${shellQuoted(`${path} -`)}*) _workspace_sync_among -W ${flags} ;;`,
    `${shellQuoted(`${path} `)}*) _workspace_sync_take ${names.length > 0 ? list(names) : taken(argument)} ;;`,
  ]
}

function taken(kind: Kind): string {
  return typeof kind === 'string' ? kind : list(kind.choices)
}

function list(words: readonly string[]): string {
  return shellQuoted(words.join('\n'))
}
