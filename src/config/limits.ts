/** The built-in file takes 5 KB; somebody who lists every extension on earth still fits. */
export const configBytesMax = 256 * 1024
/** Rule files of one directory; more is a mistake, and none of them counts. */
export const ruleFilesMax = 256
/** 10,000 rules of 512 characters, with their reasons. */
export const ruleFileBytesMax = 16 * 1024 ** 2
