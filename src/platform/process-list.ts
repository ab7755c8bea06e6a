/** A process as the system's own list has it. */
export interface ListedProcess {
  readonly pid: number
  readonly parent: number
  /** File that it runs; its name alone where the system says no more. */
  readonly executable: string
}

/** Every process, where there is no `/proc` to read; about 30 ms of CPU at 200 processes. */
export async function listProcesses(): Promise<readonly ListedProcess[]> {
  const { default: psList } = await import('ps-list')
  return (await psList()).map(({ pid, ppid, name, path }) => ({ pid, parent: ppid, executable: path ?? name }))
}
