import { Argument, type Command } from 'commander'
import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { completionModel, type CommandModel } from '../completion/model.ts'
import { settingKeys } from '../completion/setting-keys.ts'
import { zshScript } from '../completion/zsh.ts'
import type { Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { completionSetup } from '../messages/completion.ts'

type Script = (models: readonly CommandModel[], settings: readonly string[]) => string

const scripts: Readonly<Record<string, Script>> = { bash: bashScript, zsh: zshScript, fish: fishScript }

export function registerCompletion(program: Command, run: Run): void {
  program
    .command('completion')
    .description(help.completion.summary)
    .addArgument(new Argument('<shell>').choices(Object.keys(scripts)))
    .addHelpText('after', exampleText(help.completion.example) + completionSetup)
    .action(
      run(async (context, { args: [shell = ''] }) => {
        const { configFiles } = await import('../../config/config.ts')
        context.out(scripts[shell]?.(completionModel(program), settingKeys(JSON.parse(configFiles.schema()))) ?? '')
        return exitCode.done
      }),
    )
}
