interface Section {
  readonly properties?: Readonly<Record<string, Section>>
}

/** `debounce.code` and the like, from the schema of a configuration file. */
export function settingKeys(schema: unknown): readonly string[] {
  const keysOf = (section: Section): readonly string[] =>
    Object.entries(section.properties ?? {}).flatMap(([name, below]) =>
      below.properties === undefined ? [name] : keysOf(below).map((key) => `${name}.${key}`),
    )
  // Our own schema, made a moment ago.
  return keysOf(schema as Section).filter((key) => !key.startsWith('$'))
}
