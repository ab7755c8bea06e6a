import type { Form } from './forms.ts'
import { isSecretValue } from './secret-values.ts'

const argument = String.raw`["']?([^\s"'|;<>]{4,200})`

/** A password as an argument, in scripts and in what a shell remembers. `option` is looked for within one command. */
function command(needs: string, names: string, option: string): Form {
  const pattern = new RegExp(String.raw`\b(?:${names})\b[^\n|;]{0,200}?\s${option}`, 'g')
  return { kind: 'password', needs: [needs], pattern, holds: isChosen }
}

function isChosen(value: string): boolean {
  return isSecretValue(value, 'password', 'password', 'code')
}

const word = String.raw`["']([^"'\n]{1,200})["']`
const callers =
  'login|authenticate|signIn|getConnection|mysqli?_connect|mysqli|PDO|pg_connect|ftp_login|imap_open|ldap_bind|' +
  'ssh2_auth_password|HTTPBasicAuth|HTTPDigestAuth|NetworkCredential|PasswordAuthentication|' +
  'UsernamePasswordCredentials|setCredentials|basic_auth|authorize|' +
  'SetBasicAuth|OAuthHandler|UsernamePasswordAuthenticationToken|auth=|pymysql.connect|MySQLdb.connect'

const credentials =
  'NetworkCredential|PasswordAuthentication|UsernamePasswordCredentials|HTTPBasicAuth|mysql_connect|mysqli_connect|' +
  'mysqli|PDO|DBI->connect|DirectoryEntry|DriverManager.getConnection'

const asked = String.raw`\bexpect\b[^\n]{0,80}ass(?:word|phrase)[^\n]{0,60}\n[^\n]{0,40}`

function loginCall(names: string): RegExp {
  const before = String.raw`\s{0,20}(?:[\w.$]{1,40}\s{0,4},\s{0,4}){0,2}(?:${word}\s{0,4},\s{0,20}){1,2}`
  return new RegExp(String.raw`\b(?:${names})\(${before}${word}`, 'g')
}

function storesCalled(names: string): readonly string[] {
  return names
    .toLowerCase()
    .replaceAll('?', '')
    .split('|')
    .map((name) => `${name}(`)
}

export const commandForms: readonly Form[] = [
  command(
    'curl',
    'curl',
    String.raw`(?:-\w{0,5}u|--user|--proxy-user|-U)[ =]{0,2}["']?[^\s:"'$<{]{1,100}:([^\s"'|;<>]{4,200})`,
  ),
  command('mysql', 'mysql|mysqldump|mysqladmin|mysqlimport', `-p(?![\\s-])${argument}`),
  command('mariadb', 'mariadb|mariadb-dump|mariadb-admin', `-p(?![\\s-])${argument}`),
  command('sshpass', 'sshpass', `-p\\s{0,4}${argument}`),
  command(' login', '(?:docker|podman|nerdctl|helm registry|az|oc) login', `-p\\s{1,4}${argument}`),
  command('redis-cli', 'redis-cli', `-a\\s{1,4}${argument}`),
  command('ldap', 'ldap(?:search|modify|add|delete|passwd|whoami)', `-w\\s{1,4}${argument}`),
  command('htpasswd', 'htpasswd', String.raw`-\w{0,5}b\w{0,5}\s{1,4}\S{1,200}\s{1,4}\S{1,100}\s{1,4}${argument}`),
  command('smbclient', 'smbclient|rpcclient', String.raw`-U\s{0,4}["']?[^\s%"']{1,100}%([^\s"'|;<>]{4,200})`),
  command('psexec', '[Pp][Ss][Ee][Xx][Ee][Cc](?:64)?(?:\\.exe)?', `-p\\s{1,4}${argument}`),
  command('net use', 'net use', String.raw`/user:\S{1,100}\s{1,4}${argument}`),
  command('sqlcmd', 'sqlcmd', `-P\\s{0,4}${argument}`),
  command('sqlplus', 'sqlplus', String.raw`(?:-\w{1,10}\s{1,4}){0,3}["']?[\w.$]{1,60}/([^\s"'|;<>@/]{4,200})@`),
  command('-pw ', 'plink|pscp|psftp|putty', `-pw\\s{1,4}${argument}`),
  command('mongo', 'mongo(?:sh|dump|restore|export|import|stat|top)?', `-p\\s{0,4}${argument}`),
  command('cqlsh', 'cqlsh', `-p\\s{1,4}${argument}`),
  command('7z', '7z[ar]?', `-p(?![\\s-])${argument}`),
  command('zip', '(?:un)?zip', `-P\\s{1,4}${argument}`),
  command('lftp', 'lftp', String.raw`-u\s{0,4}["']?[^\s,"']{1,100},([^\s"'|;<>]{4,200})`),
  command('freerdp', '[xw]freerdp3?', `/p:${argument}`),
  command('aws_secret_access_key', 'aws configure set', `aws_secret_access_key\\s{1,4}${argument}`),
  command('pass:', 'openssl', String.raw`-pass(?:in|out|wd)?\s{1,4}pass:([^\s"'|;<>]{4,200})`),
  {
    kind: 'password',
    needs: ['| sudo', '|sudo', '--password-stdin', '--stdin'],
    pattern: new RegExp(
      String.raw`\becho\s{1,4}(?:-n\s)?["']?([^\s"'|;<>]{4,200})["']?\s{0,4}\|\s{0,4}` +
        String.raw`(?:sudo\s{1,4}-\w{0,5}S|[^\n|;]{1,100}--(?:password-)?stdin)`,
      'g',
    ),
    holds: isChosen,
  },
  {
    kind: 'password',
    needs: ['chpasswd'],
    pattern: /\becho\s{1,4}["']?[\w.-]{1,64}:([^\s"'|;<>]{4,200})["']?\s{0,4}\|\s{0,4}(?:sudo\s{1,4})?chpasswd/g,
    holds: isChosen,
  },
  {
    kind: 'password',
    needs: storesCalled(callers),
    // A login given as arguments: the last literal in a row, behind the user's name.
    pattern: loginCall(callers),
    holds: isChosen,
  },
  {
    kind: 'password',
    needs: storesCalled(credentials),
    // Nothing but logins is made with these: there a plain word is a password, too.
    pattern: loginCall(credentials),
    holds: (value) => isSecretValue(value, 'password', 'password', 'variable'),
  },
  {
    kind: 'password',
    needs: ['convertto-securestring'],
    pattern: /\bConvertTo-SecureString\s{1,4}(?:-\w{1,20}\s{1,4}){0,4}["']([^"'\n$]{5,200})["']/gi,
    holds: (value) => isSecretValue(value, 'password', 'password', 'config'),
  },
  {
    kind: 'password',
    needs: ['expect'],
    // What a script types when it is asked.
    pattern: new RegExp(`${asked}\\bsend\\s{1,4}(?:--\\s{1,4})?["{]([^"\\\\$\\s]{5,200})\\\\[rn]`, 'gi'),
    holds: isChosen,
  },
  {
    kind: 'password',
    needs: ['login('],
    // Behind a mail address a plain word is a password too.
    pattern: /\blogin\(\s{0,20}["'][\w.+-]{1,64}@[\w.-]{3,100}["']\s{0,4},\s{0,20}["']([^"'\n]{5,200})["']/g,
    holds: (value) => isSecretValue(value, 'password', 'password', 'config'),
  },
]
