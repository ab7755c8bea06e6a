import type { Argument, Command, Option } from 'commander'

/** What can be typed at a place. `programs`: a command line of another program. */
export type Kind =
  'files' | 'directories' | 'programs' | 'settings' | 'nothing' | { readonly choices: readonly string[] }

export interface OptionModel {
  /** `-C` and `--workspace`. */
  readonly flags: readonly string[]
  readonly about: string
  /** null: it takes no value. */
  readonly value: Kind | null
}

export interface CommandModel {
  /** `filters list`; '' is the program itself. */
  readonly path: string
  readonly about: string
  /** With those of every command. */
  readonly options: readonly OptionModel[]
  readonly subcommands: readonly { readonly name: string; readonly about: string }[]
  readonly argument: Kind
}

/** The program and every command, from what is registered: a new command is completed without a word more. */
export function completionModel(program: Command): readonly CommandModel[] {
  const common = program.options.map(optionModel)
  const helpOption: OptionModel = { flags: ['-h', '--help'], about: 'help', value: null }
  const walk = (command: Command, path: string): readonly CommandModel[] => {
    const own = command === program ? [] : command.options.map(optionModel)
    const subcommands = command.commands.map((sub) => ({ name: sub.name(), about: sub.description() }))
    const model: CommandModel = {
      path,
      about: command.description(),
      options: [...own, ...common, helpOption],
      subcommands,
      argument: argumentKind(command.registeredArguments.at(-1)),
    }
    return [model, ...command.commands.flatMap((sub) => walk(sub, `${path} ${sub.name()}`.trim()))]
  }
  return walk(program, '')
}

function optionModel(option: Option): OptionModel {
  const flags = [option.short, option.long].filter((flag) => typeof flag === 'string')
  const takesValue = option.required || option.optional
  const name = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1] ?? ''
  const value = takesValue ? (choicesOf(option) ?? kindOf(name)) : null
  return { flags, about: option.description, value }
}

function argumentKind(argument: Argument | undefined): Kind {
  if (argument === undefined) return 'nothing'
  return choicesOf(argument) ?? kindOf(argument.name())
}

function choicesOf({ argChoices }: { readonly argChoices?: readonly string[] | undefined }): Kind | null {
  return argChoices === undefined ? null : { choices: argChoices }
}

/** By the name that help shows, so that both say the same. */
function kindOf(name: string): Kind {
  if (name.startsWith('path') || name.startsWith('file')) return 'files'
  if (name.startsWith('dir') || name === 'workspace') return 'directories'
  if (name.startsWith('command') || name === 'program') return 'programs'
  return name.startsWith('key=') ? 'settings' : 'nothing'
}
