/** What the commands are for, each with an example. */

interface CommandHelp {
  readonly summary: string
  readonly example: string
}

export const programSummary =
  'Keeps a git work tree in step with its remote while people, tools and autonomous programs write in it'

export const programExample = 'workspace-sync start -C ~/notes && workspace-sync status -C ~/notes'

export const help = {
  status: {
    summary: 'state, convergence age, pending and held paths, budgets; exits 3 without a daemon',
    example: 'workspace-sync status --json',
  },
  start: {
    summary: 'keep the workspace in step with its remote, in the background; returns when it is ready',
    example: 'workspace-sync start -C ~/notes',
  },
  testFilter: {
    summary:
      'say what would become of paths if they changed now, and why; exits 4 if any is held, else 1 if any is blocked',
    example: 'workspace-sync test-filter notes/today.md logs/app.log',
  },
  sync: {
    summary: 'commit and push now, and wait until the remote has it; exits 4 if something asked for is held',
    example: 'workspace-sync sync notes/today.md',
  },
  demo: {
    summary: 'show it at work for a minute, in a scratch workspace with a remote of its own; touches nothing of yours',
    example: 'workspace-sync demo',
  },
  benchmark: {
    summary: 'measure the layers and the way from a save to the remote, in a scratch copy; a minute at most',
    example: 'workspace-sync benchmark --quick -C ~/notes',
  },
  stop: { summary: 'end the daemon; loses nothing', example: 'workspace-sync stop -C ~/notes' },
  restart: {
    summary: 'end the daemon, also one that hangs, and start it with the options it had; starts one where none runs',
    example: 'workspace-sync restart -C ~/notes',
  },
  pause: {
    summary: 'commit and push nothing until resume, across restarts; again: changes the time',
    example: 'workspace-sync pause --for 30m',
  },
  resume: { summary: 'end a pause; everything is caught up', example: 'workspace-sync resume' },
  debug: {
    summary: 'decisions of the daemon as they happen, also only those about some paths or globs; until interrupted',
    example: "workspace-sync debug 'notes/**'",
  },
  history: {
    summary: 'automatic commits of this branch, newest first; with paths those that touch them; needs no daemon',
    example: 'workspace-sync history -n 5 notes',
  },
  conflicts: {
    summary: 'what changed here and on the remote at the same time, and what shall become of it',
    example: 'workspace-sync conflicts list',
  },
  conflictsList: {
    summary: 'what is open, the newest first; needs no daemon',
    example: 'workspace-sync conflicts list --json',
  },
  conflictsShow: {
    summary: 'both sides of one path',
    example: 'workspace-sync conflicts show notes/today.md',
  },
  conflictsResolve: {
    summary: 'say which side counts: ours, theirs, or the file as it is now',
    example: 'workspace-sync conflicts resolve notes/today.md --ours',
  },
  undo: {
    summary:
      'take back one automatic commit, the last unless told, by a commit of its own; never overwrites newer work',
    example: 'workspace-sync undo --dry-run',
  },
  logs: {
    summary: 'the last lines of the daemon log; -f goes on as it is written, across restarts',
    example: 'workspace-sync logs -f -n 20',
  },
  why: {
    summary: 'what was decided about a path, when and why, and which commit has it; of a directory all below it',
    example: 'workspace-sync why notes/today.md',
  },
  release: {
    summary: 'end the quarantine or the slow pace of what covers these paths',
    example: 'workspace-sync release state/heartbeat.json',
  },
  ack: {
    summary: 'let what is held leave (by its very content), or put rules and settings that came with a pull in force',
    example: "workspace-sync ack .env.example --reason 'only placeholders'",
  },
  init: {
    summary: 'check that the work tree is usable and agree to its first sync, however large',
    example: 'cd ~/notes && workspace-sync init && workspace-sync start',
  },
  run: {
    summary: 'run a program as a declared writer: its changes get commits of their own, or none (--policy block)',
    example: 'workspace-sync run --writer my-agent -- npm run agent',
  },
  health: {
    summary: 'look at everything that keeps the workspace in step, each with what to do; exits 1 when something fails',
    example: 'workspace-sync health && workspace-sync health --pre-push',
  },
  hooks: { summary: 'hooks that others call: git before a push', example: 'workspace-sync hooks install pre-push' },
  hooksInstall: {
    summary: 'install a hook; one that is there runs first, on the same input, and keeps its word',
    example: 'workspace-sync hooks install pre-push',
  },
  hooksRemove: {
    summary: 'take a hook away and put back, byte for byte, what was there before',
    example: 'workspace-sync hooks remove pre-push',
  },
  doctor: {
    summary: 'health, and a look at the files of this program itself; --fix mends what is safe to mend, and says what',
    example: 'workspace-sync doctor --fix',
  },
  uninstall: {
    summary: 'take hooks, refs and state away; your files, commits and settings stay',
    example: 'workspace-sync uninstall --dry-run',
  },
  filters: { summary: 'rules: what is synced, blocked or analysed', example: 'workspace-sync filters list' },
  filtersList: { summary: 'the rules in force, with their source', example: 'workspace-sync filters list --json' },
  filtersCheck: {
    summary: 'check rule files, or without one all that are in force; exits 2 on a mistake',
    example: 'workspace-sync filters check my.rules',
  },
  filtersAdd: {
    summary: 'add one rule, in force at once; says which other rules it beats and loses to',
    example: "workspace-sync filters add 'BLOCK:build/**:made again at every build'",
  },
  filtersImport: {
    summary:
      'convert the regex rules of the older shell tool, exactly or not at all, and print them; --write adds them',
    example: 'workspace-sync filters import old-filters.conf --write',
  },
  config: {
    summary: 'settings: where they come from and whether they are right',
    example: 'workspace-sync config show',
  },
  configShow: {
    summary: 'the settings in force, each with where it comes from',
    example: 'workspace-sync config show --set debounce.default=10s',
  },
  configCheck: {
    summary: 'check the configuration; exits 2 on a mistake',
    example: 'workspace-sync config check --json',
  },
  configSchema: {
    summary: 'the JSON schema of a configuration file, for editors',
    example: 'workspace-sync config schema > workspace-sync.schema.json',
  },
  completion: {
    summary: 'print what makes a shell complete commands, options, settings and paths',
    example: 'source <(workspace-sync completion bash)',
  },
} as const satisfies Record<string, CommandHelp>

/** What the arguments of commands mean, by their names; a command may say it better. */
export const argumentHelp: Readonly<Record<string, string>> = {
  address: 'where the remote lies, as git tells its hooks',
  command: 'the program to run, with its arguments',
  commit: 'a commit, as git names them (default: the last automatic one)',
  file: 'files of rules',
  glob: 'a pattern of paths, such as logs/**/*.log',
  hook: 'which hook',
  path: 'files or directories, relative to the current directory',
  remote: 'name of the remote, as git tells its hooks',
  rule: 'ACTION:glob:reason, in quotes; ACTION is BLOCK, ALLOW or ANALYZE',
  shell: 'the shell to complete in',
}

export const optionHelp = {
  workspace: 'the workspace (default: the work tree around the current directory)',
  json: 'machine-readable output',
  set: 'override a setting (repeatable)',
  quiet: 'only errors',
  verbose: 'more detail, and stack traces of errors',
  noColor: 'no colors (also NO_COLOR)',
  version: 'the version of this program',
  help: 'this help',
  watch: 'show it again each second until interrupted',
  writer: 'the name its commits carry',
  policy: 'sync (its work is wanted) or block (it writes for itself, and is never committed)',
  foreground: 'stay in the terminal and tell what is done, for service managers and for a look',
  once: 'look at everything once, commit and push what may be, and exit',
  dryRun: 'decide and tell, write nothing (stays in the terminal; with --once it exits)',
  noPush: 'commit, but never push',
  for: 'how long, such as 30m or 2h (default: until resume)',
  keep: 'leave the scratch folder where it is, and say where',
  quick: 'a part of the files and fewer rounds: some seconds',
  accuracy: 'judge recorded traces (files, or those of this program) and count what is wrong; exits 1 on harm',
  follow: 'go on and show what is written next, until interrupted',
  replaceRemote: 'after history was rewritten: put this branch in the place of the one on the remote, once',
  discard:
    'with --replace-remote: the last of the remote’s commits that this branch never had and that are thrown away',
  ours: 'what was written on this machine counts, or on the one that keeps it',
  theirs: 'what the remote had counts',
  dryRunUndo: 'say what would be undone, write nothing',
  count: 'how many entries at most',
  fix: 'mend what is provably of this program and safe to mend',
  uninstallDryRun: 'only say what would be removed',
  uninstallForce: 'also while something is not on the remote',
  anywhere: 'also into a folder that core.hooksPath names, in the work tree or shared with other repositories',
  prePush: 'look at what a push (to that remote) would send instead: secrets, sizes, conflict markers, noise, damage',
  prePushStdin: 'with --pre-push: read the lines that git passes to a pre-push hook',
  hook: 'with --pre-push: answer as the hook does, on standard error, and refuse with 10',
  reason: 'why, to be remembered with it',
  writeRules: 'add what could be converted to the rules (default: only print it)',
  userRules: 'to your own rules, for all workspaces (default: to those of the workspace, .workspace-sync/filters/)',
  stdin: 'read paths from standard input, separated by NULs or by lines',
} as const

export function exampleText(example: string): string {
  return `\nExample:\n  ${example}\n`
}
