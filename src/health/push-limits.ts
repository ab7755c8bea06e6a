/** Bytes of one file from which a host refuses a push, and from which it warns. */
export interface HostLimits {
  readonly refusedFrom: number
  readonly warnedFrom: number
  /** Who says so, for people. */
  readonly by: string
}

const megabyte = 1024 * 1024

/** As documented by the hosts. GitHub's are what most others keep to as well. */
const hosts: readonly (readonly [RegExp, HostLimits])[] = [
  [/(^|[@/.])github\.com[:/]/, limits(100, 50, 'GitHub')],
  [/(^|[@/.])gitlab\.com[:/]/, limits(100, 50, 'GitLab.com')],
  [/(^|[@/.])(?:huggingface\.co|hf\.co)[:/]/, limits(10, 5, 'Hugging Face, outside of LFS,')],
]
const others = limits(100, 50, 'most hosts')

export function hostLimits(address: string): HostLimits {
  return hosts.find(([pattern]) => pattern.test(address))?.[1] ?? others
}

function limits(refused: number, warned: number, by: string): HostLimits {
  return { refusedFrom: refused * megabyte, warnedFrom: warned * megabyte, by }
}
